import { accountId } from '../../../src/domains/payments/simulated_accounts.ts'
import { signWebhook } from '../../../src/domains/payments/webhook_signature.ts'
import type { SimulatedMode } from '../../../src/domains/payouts/provider.ts'
import { type Listing, listItems, makePeople, openShops, type Person, type Shop } from '../../support/people.ts'
import { openRivals, race } from '../../support/races.ts'
import { recordStock } from '../../support/stock.ts'
import { checkAtEnd, countDeadlocks, failAll } from '../checks/invariants.ts'
import { findWrongMoment } from '../checks/ledger.ts'
import { addToCart, checkOut, describe, send } from '../load/calls.ts'
import { openPayoutAccounts, PAYS_AT_ONCE, setCommission } from '../load/payout_accounts.ts'
import { waitFor } from '../loops.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { holdLock } from '../servers/hold_lock.ts'
import { type Servers, startServers } from '../servers/servers.ts'

type Setup = Servers & { run: Run; shops: Shop[]; listings: Listing[] }

const PLANNERS = 20
/** Of a payout: two releases and a refund. */
const TRANSFERS = 3
const SHOPS_OF_PLANNERS = 50
/** A killed process holds its job for up to a minute. */
const SETTLE_WITHIN_S = 180
/** Copies of each webhook about a payout that came back. */
const COPIES = 5

/** The accounts in turn: most of them take the money; the others refuse it, send it back, or take it without a response. */
const MODES: SimulatedMode[] = [
  ...Array<SimulatedMode>(5).fill('active'),
  // Its sender is killed before the transfer: a response to it never comes.
  'times_out',
  'active',
  'returns_payout',
  'no_funds',
  'active',
]

export const payouts: Scenario = {
  name: 'payouts',
  claim:
    'Whoever plans, and whenever the sender of a payout is killed, every cent leaves once, and what comes back is paid again',
  test: async (run) => {
    const kills = countFor(run, 200)
    const servers = await startServers(run, 'none', { holds_charges: true })
    const { sql } = servers
    const shops = await openShops(sql, kills + SHOPS_OF_PLANNERS)
    const listings = await listItems(sql, shops, Array(shops.length).fill(1_000_000))
    await recordStock(sql)
    await setCommission(sql)
    // Stores the settings.
    await (await servers.startApi(PAYS_AT_ONCE)).stop()
    await openPayoutAccounts(sql, shops, (place) => MODES[place % MODES.length] as SimulatedMode)
    const setup = { ...servers, run, shops, listings }
    const figures = [await planAtOnce(setup, countFor(run, 20)), await killSenders(setup, kills)]
    const last = await servers.startApi(PAYS_AT_ONCE)
    await repeatReturns(setup, last.url)
    await checkAtEnd(run, servers, SETTLE_WITHIN_S)
    figures.push(await payAgain(setup))
    await checkAtEnd(run, servers, SETTLE_WITHIN_S)
    await last.stop()
    const deadlocks = await countDeadlocks(sql)
    if (deadlocks > 0) run.fail(`${deadlocks} deadlocks`)
    const { paid_out, returned } = await servers.provider.count()
    return [...figures, `$${paid_out} paid, $${returned} of it came back`].join('; ')
  },
}

/** Planners of all shops at once, while money comes and outcomes of the last payouts are settled. */
async function planAtOnce({ run, sql, database_url, shops }: Setup, rounds: number): Promise<string> {
  const planned_shops = shops.slice(-SHOPS_OF_PLANNERS).map(({ shop_id }) => shop_id)
  const planners = await openRivals(database_url, PLANNERS)
  run.defer(planners.close)
  const adjust = (shop_id: number, cents: number) => sql`select adjust_balance(${shop_id}, ${(cents / 100).toFixed(2)}, 'a gift')`
  let planned = 0
  for (let round = 0; round < rounds; round++) {
    for (const [place, shop_id] of planned_shops.entries()) await adjust(shop_id, 101 + place)
    const counts = await race(planners, async (planner, place) => {
      const [row] = await planner.sql<{ payouts: number }[]>`select plan_payouts() as payouts`
      if (place % 4 === 0) await adjust(planned_shops[place] as number, 7)
      return row?.payouts ?? 0
    })
    const sum = counts.reduce((total, count) => total + count, 0)
    if (sum !== SHOPS_OF_PLANNERS) run.fail(`${PLANNERS} planners planned ${sum} payouts of ${SHOPS_OF_PLANNERS} shops`)
    planned += sum
    failAll(run, await findWrongMoment(sql))
    // An operator ends them, so that the next round can plan again. No provider has seen them: the accounts have no open one.
    await sql`
      select settle_payout(p.id, 'failed', null, 'a test') from payouts p
      where p.shop_id = any (${planned_shops}::bigint[]) and p.status = 'planned'`
    await sql`delete from pgboss.job where name = 'send_payout'`
    run.progress(round + 1, rounds, 'planners at once')
  }
  return `${PLANNERS} planners at once, ${rounds} times: ${planned} payouts, one a shop`
}

const STEPS = [
  'before the transfer',
  'after the transfer',
  'before the payout',
  'after the payout',
  'before the completion',
] as const

/** Kills the process that sends the payout of a shop at each step. */
async function killSenders(setup: Setup, kills: number): Promise<string> {
  const { run, sql, startApi } = setup
  for (let kill = 0; kill < kills; kill++) {
    const step = STEPS[kill % STEPS.length] as (typeof STEPS)[number]
    const api = await startApi(PAYS_AT_ONCE)
    const shop = setup.shops[kill] as Shop
    await earn(setup, api.url, kill)
    const [row] = await sql<{ transfer: number; payout: number }[]>`
      select (select coalesce(max(id), 0) from transfers) as transfer, (select coalesce(max(id), 0) from payouts) as payout`
    await killAt(setup, step, { ...(row as { transfer: number; payout: number }), shop, kill: api.kill })
    failAll(run, await findWrongMoment(sql))
    run.progress(kill + 1, kills, `killed ${step}`)
  }
  return `${kills} SIGKILLs ${STEPS.slice(0, -1).join(', ')} and ${STEPS.at(-1)}`
}

type Victim = { transfer: number; payout: number; shop: Shop; kill: () => Promise<void> }

async function killAt(setup: Setup, step: (typeof STEPS)[number], { transfer, payout, shop, kill }: Victim): Promise<void> {
  const { sql, charge_proxy, database_url } = setup
  const place = step.startsWith('before the t') || step === 'before the payout' ? 'request' : 'response'
  const is_transfer = step.endsWith('transfer')
  // The transfers of a payout are older than the payout.
  charge_proxy.holdAt(place, is_transfer ? transfer - TRANSFERS : payout, is_transfer ? '/transfers' : '/payouts')
  await sql`select from plan_payout(${shop.shop_id})`
  await charge_proxy.untilHeld()
  if (step !== 'before the completion') {
    await kill()
    return charge_proxy.reject()
  }
  const unlock = await holdLock(database_url, (tx) => tx`select from payouts where shop_id = ${shop.shop_id} for update`)
  charge_proxy.release()
  await waitFor('the completion waits for the payout', async () => {
    const waiting = await sql`
      select from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query ilike '%settle_payout%'`
    return waiting.length > 0
  })
  await kill()
  await unlock()
}

/** Two sales of a shop are shipped and released. The buyer of the first one gets a part back after the release. */
async function earn({ run, sql, shops, listings }: Setup, url: string, place: number): Promise<void> {
  const { seller } = shops[place] as Shop
  const buyers = await makePeople(sql, 2)
  const orders: number[] = []
  for (const buyer of buyers) {
    const added = await send(url, buyer, addToCart((listings[place] as Listing).id))
    const paid = await send(url, buyer, checkOut(`buy-${buyer.id}`))
    if (paid?.status !== 201) throw new Error(`an add returned ${describe(added)}, the checkout ${describe(paid)}`)
    const [order] = (JSON.parse(paid.text) as { orders: [{ id: number }] }).orders
    orders.push(order.id)
    await expectDone(run, url, seller, `/v1/orders/${order.id}/ship`, { carrier: 'UPS', tracking_number: '1' })
  }
  await sql`select release_earnings()`
  await expectDone(run, url, seller, `/v1/orders/${orders[0]}/refunds`, { reason: 'other', amount: '0.50' })
}

async function expectDone(run: Run, url: string, who: Person, path: string, body: object): Promise<void> {
  const response = await send(url, who, { method: 'POST', path, body, key: `${path}-${who.id}` })
  if (!response || response.status >= 300) run.fail(`${path} returned ${describe(response)}`)
}

/** Waits for the payouts that the bank sends back, and sends each of their webhooks several times at once. */
async function repeatReturns({ sql, shops, webhook_secret }: Setup, url: string): Promise<void> {
  const returning = shops.filter((_, place) => MODES[place % MODES.length] === 'returns_payout').map(({ shop_id }) => shop_id)
  const read = () => sql<{ id: number; amount: string; status: string; reference: string }[]>`
    select id, amount::text, status, provider_reference as reference from payouts
    where shop_id = any (${returning}::bigint[]) and provider_reference is not null`
  await waitFor('the payouts are paid', async () => {
    const open =
      await sql`select from payouts where status in ('planned', 'sent', 'unknown') and shop_id = any (${returning}::bigint[])`
    return open.length === 0
  })
  for (const { id, amount, reference } of await read()) {
    const event_id = `${reference}.payout.returned`
    const data = { key: `payout_${id}`, payout: reference, amount, outcome: 'returned' }
    const body = JSON.stringify({ id: event_id, type: 'payout.returned', data })
    const deliver = async () => {
      const signed = signWebhook(webhook_secret, event_id, Math.floor(Date.now() / 1000), body)
      const headers = { 'Content-Type': 'application/json', ...signed }
      await (await fetch(`${url}/v1/webhooks/simulated`, { method: 'POST', headers, body })).text()
    }
    await Promise.all(Array.from({ length: COPIES }, deliver))
  }
}

/** Shops whose money failed or came back get an account that works, and are paid all they are owed. */
async function payAgain({ run, sql, shops }: Setup): Promise<string> {
  const [before] = await sql<{ shops: number }[]>`
    select count(*)::integer as shops from shop_balances where available >= payout_minimum()`
  for (const { shop_id } of shops)
    await sql`select settle_payout_account(${shop_id}, 'simulated', ${accountId(shop_id, 'active')}, 'active')`
  await sql`select plan_payouts()`
  await waitFor('all shops are paid', async () => {
    const open = await sql`select from payouts where status in ('planned', 'sent', 'unknown')`
    return open.length === 0
  })
  const owed = await sql`select from shop_balances where available >= payout_minimum() or in_transit > 0`
  if (owed.length > 0) run.fail(`${owed.length} shops are still owed money`)
  return `${before?.shops} shops paid again after a failure or a return`
}
