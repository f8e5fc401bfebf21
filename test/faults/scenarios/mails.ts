import { createRandom } from '../../../src/domains/catalog/random.ts'
import { openMailbox } from '../../support/mailbox.ts'
import { fillCarts, type Listing, listItems, makePeople, openShops, type Person, type Shop } from '../../support/people.ts'
import { recordStock } from '../../support/stock.ts'
import { checkAtEnd, failAll } from '../checks/invariants.ts'
import { type Copies, findWrongAccountMails, findWrongLetters, findWrongMails, type Witness } from '../checks/mails.ts'
import { checkOut, send } from '../load/calls.ts'
import { type Stories, tellStory } from '../load/mail_stories.ts'
import { startLoops, waitFor } from '../loops.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { holdLock } from '../servers/hold_lock.ts'
import { type Servers, startServers } from '../servers/servers.ts'

const ROLES = ['api', 'api', 'worker', 'worker'] as const
const STORIES_AT_ONCE = 8
const KILLS = 200
/** Most of the short form's time is the start of processes. */
const SHORT_KILLS = 8
const KILLED_WITHIN_MS = { api: 3000, worker: 1500 }
/** The mail server keeps a mail for up to this time before it replies, so that kills hit the time between both. */
const REPLY_WITHIN_MS = 150
/** While the mail server is busy, it refuses this share of the mails for now. */
const REFUSED = 0.7
const BUSY = 451
const MAILBOX_IS_FULL = 552
const SETTLE_WITHIN_S = 300
const SHORT_SETTLE_WITHIN_S = 60

type Setup = Servers & {
  run: Run
  stories: Stories
  smtp_url: string
  urls: (string | null)[]
  is_busy: boolean
  refusals: number
  workers: number
  killed_ms: Map<string, number>
  full: string
}

export const mails: Scenario = {
  name: 'mails',
  claim:
    'Each fact has one mail to the right address, however processes die; only a worker killed before its commit sends a copy',
  test: async (run) => {
    const setup = await setUp(run)
    const held = await killBeforeCommit(setup, countFor(run, 10))
    const endStories = startLoops(Array(STORIES_AT_ONCE).fill(() => tellStory(setup.stories)))
    const kills = await killAtRandom(setup)
    setup.is_busy = false
    const [clock] = await setup.sql<{ now: Date }[]>`select clock_timestamp() as now`
    for (const slot of [0, 2]) await start(setup, slot)
    await endStories()
    await untilQuiet(setup, clock?.now as Date)
    const repeated = await repeatJobs(setup)
    await checkAtEnd(run, setup)
    const { charges } = await setup.provider.count()
    const { told, letters } = setup.stories
    const witness: Witness = { ...setup, told, letters, charged: Object.keys(charges).map(Number) }
    const books = await findWrongMails(setup.sql, witness)
    const arrived = await findWrongLetters(setup.sql, witness)
    failAll(run, [...books.wrong, ...(await findWrongAccountMails(setup.sql, witness)), ...arrived.wrong])
    return [
      `${kills} SIGKILLs of APIs and workers, ${held} before the commit of a payment`,
      `${told.stories} stories, ${books.facts} facts of orders, mails: ${arrived.statuses.join(', ')}`,
      `${setup.refusals} refusals for now, one full mailbox, ${repeated} jobs run once more`,
      describeCopies(arrived.copies, letters.length, setup.killed_ms.size),
    ].join('; ')
  },
}

const describeCopies = ({ copies, kills, most_of_one_kill, longest_gap_ms }: Copies, letters: number, killed: number) =>
  `${copies} of ${letters} letters are copies, of ${kills} of ${killed} killed workers, at most ${most_of_one_kill} of one; ` +
  `each worker died at most ${longest_gap_ms} ms after the mail server had the mail`

async function setUp(run: Run): Promise<Setup> {
  const random = createRandom(run.seed)
  const servers = await startServers(run, 'none', { holds_charges: true })
  const refusal = () => (setup.is_busy && random() < REFUSED ? count(setup) : null)
  const mailbox = await openMailbox({ refusal, reply_after_ms: () => random() * REPLY_WITHIN_MS })
  run.defer(mailbox.close)
  const shops = await openShops(servers.sql, 4)
  const listings = await listItems(servers.sql, shops, Array(20).fill(1_000_000))
  await recordStock(servers.sql)
  const [owner] = await servers.sql<{ email: string }[]>`select email from users where id = ${(shops[0] as Shop).seller.id}`
  const full = owner?.email ?? ''
  mailbox.refuses.set(full, MAILBOX_IS_FULL)
  const urls = Array<string | null>(2).fill(null)
  const live = () => urls.filter((url) => url !== null)
  const stories: Stories = {
    sql: servers.sql,
    fail: run.fail,
    random,
    shops,
    listings,
    letters: mailbox.letters,
    webhook_secret: servers.webhook_secret,
    api: () => live()[Math.floor(random() * live().length)] ?? null,
    told: { pending: new Set(), accounts: new Map(), stories: 0 },
  }
  const { smtp_url } = mailbox
  const setup: Setup = {
    ...servers,
    ...{ run, stories, smtp_url, urls, is_busy: false, refusals: 0, workers: 0, killed_ms: new Map(), full },
  }
  return setup
}

function count(setup: Setup): number {
  setup.refusals++
  return BUSY
}

/** Runs each ended job of mails once more, as a queue does when a worker dies after its last mail and before the job's end. */
async function repeatJobs({ sql }: Setup): Promise<number> {
  const repeated = await sql<{ id: string }[]>`
    select enqueue_job(name, data) as id from pgboss.job where name = 'send_mails' and state = 'completed'`
  const ids = repeated.map(({ id }) => id)
  await waitFor(
    'the repeated jobs have ended',
    async () => (await sql`select from pgboss.job where id = any(${ids}) and state <> 'completed'`).length === 0,
    SETTLE_WITHIN_S,
  )
  return ids.length
}

/** Starts the process of a slot. Returns the function that kills it. Each worker introduces itself to the mail server by its name. */
async function start(setup: Setup, slot: number): Promise<() => Promise<void>> {
  const role = ROLES[slot] as (typeof ROLES)[number]
  const name = `worker-${++setup.workers}.invalid`
  const variables = { SMTP_URL: `${setup.smtp_url}?name=${name}`, PUBLIC_URL: 'https://market.example' }
  const { url, kill } = await setup.startApi({ ...variables, MAIL_FROM: 'shop@market.example' }, role)
  if (role === 'api') setup.urls[slot] = url
  return async () => {
    if (role === 'api') setup.urls[slot] = null
    await kill()
    if (role === 'worker') setup.killed_ms.set(name, Date.now())
  }
}

/** Kills each process soon after its start, and starts another one. The mail server is busy in the second third. */
async function killAtRandom(setup: Setup): Promise<number> {
  const { run, stories } = setup
  const wanted = run.short ? SHORT_KILLS : KILLS
  let [begun, kills] = [0, 0]
  const killInTurn = async (slot: number) => {
    while (begun++ < wanted) {
      const before = stories.letters.length
      const kill = await start(setup, slot)
      const lives_ms = stories.random() * KILLED_WITHIN_MS[ROLES[slot] as (typeof ROLES)[number]]
      // Every other worker dies when the mail server has a mail and has not replied yet.
      const isDue = () => slot >= 2 && kills % 2 === 0 && stories.letters.length > before
      await waitFor('a mail has arrived', isDue, lives_ms / 1000).catch(() => {})
      await kill()
      kills++
      setup.is_busy = kills > wanted / 3 && kills < (2 * wanted) / 3
      run.progress(kills, wanted, `${stories.told.stories} stories, ${stories.letters.length} letters`)
    }
  }
  await Promise.all(ROLES.keys().map(killInTurn))
  return kills
}

/**
 * Kills an API whose transaction has confirmed a payment and waits before its commit for rows that the scenario has locked. The
 * transaction rolls back. Until then no mail may exist. Afterwards a worker confirms the payment, and the end checks its mail.
 */
async function killBeforeCommit(setup: Setup, times: number): Promise<number> {
  const { run, sql, charge_proxy, database_url, stories } = setup
  const killWorker = await start(setup, 2)
  for (let n = 0; n < times; n++) {
    const kill = await start(setup, 0)
    const [buyer] = (await makePeople(sql, 1)) as [Person]
    await fillCarts(sql, [buyer], [stories.listings[n % stories.listings.length] as Listing])
    const [newest] = await sql<{ id: number }[]>`select coalesce(max(id), 0) as id from checkouts`
    charge_proxy.holdAt('response', newest?.id ?? 0)
    const placing = send(setup.urls[0] as string, buyer, checkOut(`held-${n}`))
    await charge_proxy.untilHeld()
    const [checkout] = await sql<{ id: number }[]>`select id from checkouts where buyer_id = ${buyer.id}`
    const id = checkout?.id ?? 0
    const unlock = await holdLock(database_url, (tx) => tx`select from checkout_lines where checkout_id = ${id} for update`)
    charge_proxy.release()
    await waitFor('the confirmation waits for the lock', async () => (await findWaiting(setup)).length > 0)
    await kill()
    const early = await sql`select from mails where kind = 'checkout_paid' and fact_id = ${id}`
    if (early.length > 0) run.fail('a payment that was not confirmed yet had a mail')
    for (const { pid } of await findWaiting(setup)) await sql`select pg_terminate_backend(${pid})`
    await placing
    await unlock()
    run.progress(n + 1, times, 'killed before the commit')
  }
  await killWorker()
  return times
}

const findWaiting = ({ sql }: Setup) => sql<{ pid: number }[]>`
  select pid from pg_stat_activity
  where datname = current_database() and wait_event_type = 'Lock' and query ilike '%settle_checkout%'`

/**
 * Waits until no payment, refund or mail is open. `workers_since`: all jobs that began before are those of dead workers. The short
 * form does not wait for the minute that such a job is theirs, and for the pauses between retries.
 */
async function untilQuiet({ run, sql }: Setup, workers_since: Date): Promise<void> {
  await waitFor(
    'no payment, refund or mail is open',
    async () => {
      if (run.short) {
        await sql`
          update pgboss.job set started_on = started_on - interval '1 hour'
          where state = 'active' and started_on < ${workers_since} and started_on > now() - interval '30 minutes'`
        await sql`update pgboss.job set start_after = now() where state = 'retry' and start_after > now()`
        await sql`update checkouts set settle_after = now() where status = 'pending' and settle_after > now()`
      }
      const open = await sql`
        select from checkouts where status = 'pending'
        union all select from refunds where status in ('pending', 'sent')
        union all select from mails where status = 'pending'`
      return open.length === 0
    },
    run.short ? SHORT_SETTLE_WITHIN_S : SETTLE_WITHIN_S,
  ).catch(() => {})
}
