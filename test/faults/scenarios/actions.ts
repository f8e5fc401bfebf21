import { createRandom } from '../../../src/domains/catalog/random.ts'
import { countEach, describeCounts } from '../../support/figures.ts'
import { type Listing, makePeople, type Person } from '../../support/people.ts'
import { checkAtEnd } from '../checks/invariants.ts'
import { addToCart, checkOut, describe, outcomeOf, send } from '../load/calls.ts'
import { waitFor } from '../loops.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { type Servers, startServers, stockShops } from '../servers/servers.ts'

type Setup = Servers & { run: Run; url: string; random: () => number }
/** A checkout of a one-of-a-kind item that waits for its buyer. `held_until` is the end of the hold that its line had. */
type Waiting = { buyer: Person; listing: Listing; checkout_id: number; page: string; held_until: Date }

const CARD = 'pm_card_threeDSecure2Required'
const CONFIRMATIONS = 50
const ACTS = ['confirm', 'decline', 'cancel', 'pass'] as const
type Act = (typeof ACTS)[number]

export const actions: Scenario = {
  name: 'actions',
  claim: 'An action such as 3-D Secure that is confirmed, declined, given up, late or killed has one outcome and one charge',
  test: async (run) => {
    const servers = await startServers(run, 'none')
    const [confirmed, raced, killed] = [countFor(run, 20), countFor(run, 200), countFor(run, 50)]
    const listings = await stockShops(servers.sql, 4, Array(confirmed + ACTS.length + raced + killed).fill(1))
    const next = listings.values()
    const take = () => next.next().value as Listing
    const api = await servers.startApi()
    const setup: Setup = { ...servers, run, url: api.url, random: createRandom(run.seed) }
    for (let n = 0; n < confirmed; n++) await confirmAtOnce(setup, take())
    for (const act of ACTS) await endBy(setup, take(), act)
    const outcomes = new Map<string, number>()
    for (let n = 0; n < raced; n++) {
      const outcome = await race(setup, take())
      outcomes.set(outcome, (outcomes.get(outcome) ?? 0) + 1)
      run.progress(n + 1, raced, describeCounts(outcomes))
    }
    await api.stop()
    for (let n = 0; n < killed; n++) {
      await killBetween(setup, take(), n)
      run.progress(n + 1, killed, 'killed while an action is open')
    }
    const last = await servers.startApi()
    await checkAtEnd(run, servers)
    await last.stop()
    return [
      `${CONFIRMATIONS} confirmations at once of each of ${confirmed} actions`,
      `${raced} actions with two ends at once (${describeCounts(outcomes)})`,
      `${killed} SIGKILLs with an open action`,
    ].join('; ')
  },
}

/** Buys an item with a card that requires an action. */
async function begin({ run, url, sql }: Setup, listing: Listing): Promise<Waiting> {
  const [buyer] = (await makePeople(sql, 1)) as [Person]
  await send(url, buyer, addToCart(listing.id))
  const [line] = await sql<{ reserved_until: Date }[]>`select reserved_until from cart_items where user_id = ${buyer.id}`
  const placed = await send(url, buyer, checkOut(`action-${buyer.id}`, CARD))
  if (placed?.status !== 202) throw new Error(`a checkout returned ${describe(placed)}`)
  const { checkout_id, payment } = JSON.parse(placed.text)
  const again = await send(url, buyer, checkOut(`action-${buyer.id}`, CARD))
  if (again?.text !== placed.text) run.fail('the key of an open action has two responses')
  return {
    buyer,
    listing,
    checkout_id,
    page: new URL(payment.next_action.url).pathname,
    held_until: line?.reserved_until as Date,
  }
}

async function act({ url, sql }: Setup, { buyer, checkout_id, page }: Waiting, how: Act): Promise<void> {
  if (how === 'confirm') await post(`${url}${page}`)
  if (how === 'decline') await post(`${url}${page}?decline=true`)
  if (how === 'cancel') await send(url, buyer, { method: 'POST', path: `/v1/checkouts/${checkout_id}/cancel` })
  if (how === 'pass')
    await sql`
      with late as (
        update checkouts set created_at = created_at - interval '15 minutes', charge_until = charge_until - interval '15 minutes',
          settle_after = clock_timestamp()
        where id = ${checkout_id} and status = 'pending'
        returning id
      )
      update checkout_lines cl set reserved_until = reserved_until - interval '15 minutes'
      from late where cl.checkout_id = late.id`
}

/** Returns the status of the page, or null if the process died. */
async function post(url: string): Promise<number | null> {
  try {
    const response = await fetch(url, { method: 'POST' })
    await response.text()
    return response.status
  } catch {
    return null
  }
}

async function confirmAtOnce(setup: Setup, listing: Listing): Promise<void> {
  const waiting = await begin(setup, listing)
  const pages = Array.from({ length: CONFIRMATIONS }, () => post(`${setup.url}${waiting.page}`))
  const counts = countEach((await Promise.all(pages)).map(String))
  if (counts.size !== 1 || !counts.has('200')) setup.run.fail(`${CONFIRMATIONS} confirmations returned ${describeCounts(counts)}`)
  await expectEnd(setup, waiting, ['paid'])
}

/** One end alone. */
async function endBy(setup: Setup, listing: Listing, how: Act): Promise<void> {
  const waiting = await begin(setup, listing)
  await expectTaken(setup, waiting)
  await act(setup, waiting, how)
  await expectEnd(setup, waiting, [{ confirm: 'paid', decline: 'declined', cancel: 'cancelled', pass: 'declined' }[how]])
}

/** Two different ends at once, each twice. Returns the outcome. */
async function race(setup: Setup, listing: Listing): Promise<string> {
  const waiting = await begin(setup, listing)
  const first = Math.floor(setup.random() * ACTS.length)
  const second = (first + 1 + Math.floor(setup.random() * (ACTS.length - 1))) % ACTS.length
  await Promise.all([first, second, first, second].map((place) => act(setup, waiting, ACTS[place] as Act)))
  return expectEnd(setup, waiting, ['paid', 'declined', 'cancelled'])
}

/** Kills the process while the buyer acts, or before it, and lets the buyer confirm at the next one. */
async function killBetween(setup: Setup, listing: Listing, n: number): Promise<void> {
  const api = await setup.startApi()
  const waiting = await begin({ ...setup, url: api.url }, listing)
  const acting = n % 2 === 0 ? post(`${api.url}${waiting.page}`) : null
  await Bun.sleep(setup.random() * 20)
  await api.kill()
  await acting
  const next = await setup.startApi()
  await act({ ...setup, url: next.url }, waiting, 'confirm')
  await expectEnd({ ...setup, url: next.url }, waiting, ['paid'])
  await next.stop()
}

/** While the action is open, no other buyer gets the item. */
async function expectTaken({ run, url, sql }: Setup, { listing }: Waiting): Promise<void> {
  const [rival] = (await makePeople(sql, 1)) as [Person]
  const added = outcomeOf(await send(url, rival, addToCart(listing.id)))
  if (added !== '409 insufficient_stock') run.fail(`while an action is open, another buyer's add returned ${added}`)
}

/**
 * Waits until the checkout is settled and checks the stock, the charge and the hold. Returns the status of the payment. An
 * unpaid item is back in the cart, with the rest of its first 15 minutes or unheld.
 */
async function expectEnd({ run, sql, provider }: Setup, waiting: Waiting, allowed: string[]): Promise<string> {
  const { checkout_id, listing, buyer, held_until } = waiting
  await waitFor('the action has an outcome', async () => {
    const open = await sql`select from checkouts where id = ${checkout_id} and status = 'pending'`
    return open.length === 0
  })
  const [row] = await sql<{ payment: string; stock: number; lines: number; reserved_until: Date | null; is_late: boolean }[]>`
    select p.status as payment, pr.quantity as stock,
      (select count(*)::integer from cart_items where user_id = ${buyer.id}) as lines,
      (select ci.reserved_until from cart_items ci where ci.user_id = ${buyer.id}) as reserved_until,
      c.charge_until < clock_timestamp() as is_late
    from checkouts c join payments p on p.checkout_id = c.id, products pr where c.id = ${checkout_id} and pr.id = ${listing.id}`
  const { payment = 'none', stock, lines, reserved_until = null, is_late } = row ?? {}
  const is_paid = payment === 'paid'
  const charge = (await provider.count()).charges[checkout_id]
  if (!allowed.includes(payment)) run.fail(`an action ended as ${payment}, not as ${allowed.join(' or ')}`)
  if (stock !== (is_paid ? 0 : 1) || lines !== (is_paid ? 0 : 1))
    run.fail(`a ${payment} item: ${stock} in stock, ${lines} in the cart`)
  if (!is_paid && !is_late && reserved_until?.getTime() !== held_until.getTime())
    run.fail(`the hold of a ${payment} item ends at ${reserved_until?.toISOString()}, not at ${held_until.toISOString()}`)
  if (charge?.count !== 1) run.fail(`an action made ${charge?.count} charges`)
  return payment
}
