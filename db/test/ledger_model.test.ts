/** The ledger agrees with an independent model after each of any events in any order, and its equation holds at their end. */
import { expect, test } from 'bun:test'
import fc from 'fast-check'
import { putLine, splitOrders, unique } from '../../test/support/factory.ts'
import { findWrongLedger } from '../../test/support/ledger.ts'
import { outcomeOf } from '../../test/support/refusals.ts'
import { Books, type Cents, type Checkout, type Line, leftOf, type Order, type Rate } from './ledger_model/books.ts'
import { testDatabase } from './test_database.ts'

const SHOPS = 3
const CATCH_ALL = 2_147_483_647
/** Two listings of each shop. */
const CATEGORIES = ['mugs', 'prints'] as const
const PRICES = [
  [1000n, 1n],
  [333n, 7_049n],
  [15n, 99_999n],
] as const
const POSTAGE = [0n, 299n, 5n] as const

type Place = { place: number }
type Event =
  | { do: 'sell'; lines: { shop: number; listing: number; units: number }[] }
  | ({ do: 'refund'; part: number } & Place)
  | ({ do: 'refund_at_provider'; part: number; outcome: string } & Place)
  | ({ do: 'settle_refund'; outcome: string } & Place)
  | ({ do: 'cancel' } & Place)
  | ({ do: 'ship' } & Place)
  | ({ do: 'deliver' } & Place)
  | ({ do: 'dispute'; part: number; outcome: 'open' | 'won' | 'lost' } & Place)
  | ({ do: 'end_dispute'; outcome: 'open' | 'won' | 'lost' } & Place)
  | { do: 'release' }
  | { do: 'plan' }
  | { do: 'plan_one'; shop: number }
  | ({ do: 'settle'; outcome: string } & Place)
  | { do: 'adjust'; shop: number; amount: bigint; key: string }
  | { do: 'add_rate'; rate: Omit<Rate, 'id' | 'position' | 'is_over'>; is_first: boolean }
  | ({ do: 'end_rate' } & Place)

const db = await testDatabase()
const { sql } = db
const categories = await makeCategories()
await sql`insert into settings (name, value) values ('PAYOUT_HOLD_DAYS', '0'), ('PAYOUT_MINIMUM', '0')`

async function makeCategories(): Promise<Record<string, number>> {
  const add = async (name: string, parent: number | null) =>
    db.value<number>`insert into categories (name, slug, parent_id) values (${name}, ${unique(name)}, ${parent}) returning id`
  const kitchen = await add('kitchen', null)
  return { kitchen, mugs: await add('mugs', kitchen), prints: await add('prints', null) }
}

const dollars = (cents: Cents): string =>
  `${cents < 0n ? '-' : ''}${String(cents < 0n ? -cents : cents)
    .padStart(3, '0')
    .replace(/(..)$/, '.$1')}`

/** The shops of one run, and what the other runs have left in the accounts without a shop. */
type World = { books: Books; sellers: number[]; shops: number[]; listings: number[][]; before: Map<string, Cents> }

async function openWorld(minimum: Cents): Promise<World> {
  await sql`update settings set value = ${dollars(minimum)} where name = 'PAYOUT_MINIMUM'`
  await sql`delete from commission_rates where position < ${CATCH_ALL}`
  await sql`
    update commission_rates set percent = 0, fixed_per_unit = 0, min = 0, max = null, on_shipping = false, tax_percent = 0,
      is_returned_on_refund = true`
  const world: World = { books: new Books(minimum), sellers: [], shops: [], listings: [], before: await readPlatform() }
  for (let shop = 0; shop < SHOPS; shop++) {
    const seller = await db.makeUser()
    const base = dollars(POSTAGE[shop] as Cents)
    const shop_id = await db.makeShop({ owner_id: seller, base })
    const listings: number[] = []
    for (const [place, category] of CATEGORIES.entries()) {
      const price = dollars((PRICES[shop] as readonly Cents[])[place] as Cents)
      const listing = await db.makeProduct({ shop_id, price, quantity: 10_000 })
      await sql`update products set category_id = ${categories[category] as number} where id = ${listing}`
      listings.push(listing)
    }
    world.sellers.push(seller)
    world.shops.push(shop_id)
    world.listings.push(listings)
  }
  world.books.rates.push(await addRate(world, catchAll, CATCH_ALL))
  return world
}

async function readPlatform(): Promise<Map<string, Cents>> {
  const rows = await db.rows<{ account: string; cents: string }>`
    select e.account, (sum(e.amount) * 100)::bigint::text as cents from ledger_entries e where e.shop_id is null group by 1`
  return new Map(rows.map(({ account, cents }) => [account, BigInt(cents)]))
}

const catchAll: Extract<Event, { do: 'add_rate' }>['rate'] = {
  shop: null,
  category: null,
  percent: 650n,
  fixed: 30n,
  min: 0n,
  max: null,
  on_shipping: false,
  tax_percent: 0n,
  is_kept: false,
}

async function addRate({ shops }: World, rate: typeof catchAll, position: number): Promise<Rate> {
  const category_id = rate.category === null ? null : (categories[rate.category] as number)
  const id = await db.value<number>`
    insert into commission_rates as r (
      position, shop_id, category_id, percent, fixed_per_unit, min, max, on_shipping, tax_percent, is_returned_on_refund
    )
    values (
      ${position}, ${rate.shop === null ? null : (shops[rate.shop] as number)}, ${category_id}, ${dollars(rate.percent)},
      ${dollars(rate.fixed)}, ${dollars(rate.min)}, ${rate.max === null ? null : dollars(rate.max)}, ${rate.on_shipping},
      ${dollars(rate.tax_percent)}, ${!rate.is_kept}
    )
    on conflict (position) do update
    set percent = excluded.percent, fixed_per_unit = excluded.fixed_per_unit, min = excluded.min, max = excluded.max,
      on_shipping = excluded.on_shipping, tax_percent = excluded.tax_percent,
      is_returned_on_refund = excluded.is_returned_on_refund
    returning id`
  return { ...rate, id, position, is_over: false }
}

/** Runs an event in the database, then in the model if the database took it. Returns what happened, in a word. */
async function happen(world: World, event: Event): Promise<string> {
  switch (event.do) {
    case 'sell':
      return sell(world, event)
    case 'add_rate':
    case 'end_rate':
      return changeRates(world, event)
    case 'release': {
      const shipped = await db.rows<{ id: number }>`
        select id from orders where shop_id = any (${world.shops}::bigint[]) and status in ('shipped', 'delivered')`
      await sql`select release_earnings()`
      const ids = new Set(shipped.map(({ id }) => id))
      world.books.release(world.books.orders.filter(({ id }) => ids.has(id)))
      return 'done'
    }
    case 'plan':
    case 'plan_one':
      return plan(world, event)
    case 'adjust': {
      const { shop, amount, key } = event
      const known = world.books.adjustments.get(key)
      const outcome = await outcomeOf(
        sql`select adjust_balance(${world.shops[shop] as number}, ${dollars(amount)}, 'a test', null, ${`${world.shops[0]}-${key}`})`,
      )
      expect(outcome).toBe(known && (known.shop !== shop || known.amount !== amount) ? 'SWINV' : 'done')
      if (!known) world.books.adjustments.set(key, { shop, amount })
      return outcome
    }
    case 'settle': {
      const payout = pick(world.books.payouts, event)
      if (!payout) return 'none'
      await sql`select settle_payout(${payout.id}, ${event.outcome}, ${`po_${payout.id}`}, null)`
      world.books.settle(payout, event.outcome)
      return 'done'
    }
    case 'refund_at_provider':
    case 'dispute':
    case 'end_dispute':
      return happenAtProvider(world, event)
    case 'settle_refund':
      return settleRefund(world, event)
    default:
      return happenToOrder(world, event)
  }
}

const pick = <T>(all: T[], { place }: Place): T | undefined => all[place % all.length]

async function sell(world: World, { lines }: Extract<Event, { do: 'sell' }>): Promise<string> {
  const buyer = await db.makeUser()
  const wanted = new Map<string, { shop: number; listing: number; units: number }>()
  for (const line of lines) wanted.set(`${line.shop} ${line.listing}`, line)
  for (const { shop, listing, units } of wanted.values())
    await putLine(sql, buyer, world.listings[shop]?.[listing] as number, { quantity: units })
  const orders = await splitOrders(sql, buyer)
  const id = orders[0].checkout_id
  const checkout: Checkout = { id, charge: unique('ch'), total: 0n, orders: [] }
  await sql`select settle_checkout(${id}, 'paid', 'simulated', ${checkout.charge})`
  for (const { order_id, shop_id } of orders.toSorted((a, b) => a.order_id - b.order_id)) {
    const shop = world.shops.indexOf(shop_id)
    const sold = [...wanted.values()].filter((line) => line.shop === shop)
    const of = sold.map(({ listing, units }): Line => {
      const paid = BigInt(units) * (PRICES[shop]?.[listing] as Cents)
      return { category: CATEGORIES[listing] as string, units: BigInt(units), paid }
    })
    world.books.sell(checkout, order_id, shop, of, POSTAGE[shop] as Cents)
  }
  world.books.checkouts.push(checkout)
  return 'done'
}

async function changeRates(world: World, event: Extract<Event, { do: 'add_rate' | 'end_rate' }>): Promise<string> {
  const { rates } = world.books
  if (event.do === 'end_rate') {
    const rate = pick(
      rates.filter(({ position }) => position !== CATCH_ALL),
      event,
    )
    if (!rate) return 'none'
    await sql`update commission_rates set valid = tstzrange(null, now()) where id = ${rate.id}`
    rate.is_over = true
    return 'done'
  }
  const { rate, is_first } = event
  const is_last = rate.shop === null && rate.category === null
  const others = rates.filter(({ position }) => position !== CATCH_ALL).map(({ position }) => position)
  const position = is_last ? CATCH_ALL : is_first ? Math.min(0, ...others) - 1 : Math.max(0, ...others) + 1
  const added = await addRate(world, rate, position)
  if (is_last) rates.splice(0, 1, added)
  else rates.push(added)
  return 'done'
}

async function plan({ books, shops }: World, event: Extract<Event, { do: 'plan' | 'plan_one' }>): Promise<string> {
  const due = event.do === 'plan' ? shops.map((_, shop) => shop) : [event.shop]
  const obstacleOf = (shop: number) => (event.do === 'plan_one' ? books.obstacleOf(shop, 1n) : books.obstacleOf(shop))
  const obstacle = event.do === 'plan_one' ? obstacleOf(event.shop) : null
  const outcome =
    event.do === 'plan'
      ? await outcomeOf(sql`select plan_payouts()`)
      : await outcomeOf(sql`select from plan_payout(${shops[event.shop] as number})`)
  expect(outcome).toBe(obstacle ?? 'done')
  for (const shop of due.filter((one) => obstacleOf(one) === null)) {
    const payout = await db.rows<{ id: number; amount: string }>`
      select id, amount::text from payouts where shop_id = ${shops[shop] as number} and status = 'planned'`
    const amount = books.balanceOf(shop).available
    expect(payout).toMatchObject([{ amount: dollars(amount) }])
    books.payouts.push({ id: payout[0]?.id as number, shop, amount, status: 'planned' })
  }
  return outcome
}

type OfProvider = Extract<Event, { do: 'refund_at_provider' | 'dispute' | 'end_dispute' }>

async function happenAtProvider({ books }: World, event: OfProvider): Promise<string> {
  if (event.do === 'end_dispute') {
    const dispute = pick(books.disputes, event)
    if (!dispute) return 'none'
    const { checkout, reference, amount } = dispute
    await disputeAtProvider(checkout, reference, amount, event.outcome)
    if (event.outcome !== 'open') books.endDispute(dispute, event.outcome)
    return 'done'
  }
  const checkout = pick(books.checkouts, event)
  if (!checkout) return 'none'
  const reference = unique('at')
  const amount = partOf(checkout.total, event.part)
  if (event.do === 'dispute') {
    await disputeAtProvider(checkout, reference, amount, event.outcome)
    const dispute = books.openDispute(checkout, reference, amount)
    if (event.outcome !== 'open') books.endDispute(dispute, event.outcome)
    return 'done'
  }
  const problems = await db.rows<{ problem: string | null }>`
    select problem from apply_refund_event(
      'simulated', ${unique('evt')}, ${checkout.charge}, ${reference}, null, ${dollars(amount)}, 'usd', ${event.outcome})`
  books.uncover(checkout, amount)
  const spread = books.spread(checkout, amount)
  expect(problems.some(({ problem }) => problem === 'exceeds_payment')).toBe(spread === null)
  for (const [order, cents] of (spread ?? []).filter(([, cents]) => cents > 0n)) {
    books.refund(order, cents)
    if (event.outcome === 'failed') books.failRefund(books.refunds.at(-1) as (typeof books.refunds)[number])
  }
  return 'done'
}

/** One part of 100, at least a cent. */
const partOf = (cents: Cents, part: number): Cents => (cents * BigInt(part) + 99n) / 100n

const disputeAtProvider = (checkout: Checkout, reference: string, amount: Cents, outcome: string) => sql`
  select from apply_dispute_event(
    'simulated', ${unique('evt')}, ${checkout.charge}, ${reference}, ${dollars(amount)}::text::numeric, 'usd', ${outcome}, null)`

async function settleRefund({ books }: World, event: Extract<Event, { do: 'settle_refund' }>): Promise<string> {
  const refund = pick(books.refunds, event)
  if (!refund) return 'none'
  const place = books.refunds.filter(({ order }) => order === refund.order).indexOf(refund)
  const id =
    await db.value<number>`select id from refunds where order_id = ${refund.order.id} order by id offset ${place} limit 1`
  await sql`select from settle_refund(${id}, ${event.outcome}, ${`re_${id}`}, null)`
  if (event.outcome === 'failed') books.failRefund(refund)
  return 'done'
}

type OfOrder = Extract<Event, { do: 'refund' | 'cancel' | 'ship' | 'deliver' }>

async function happenToOrder({ books, sellers }: World, event: OfOrder): Promise<string> {
  const order = pick(books.orders, event)
  if (!order) return 'none'
  const seller = sellers[order.shop] as number
  const amount = event.do === 'refund' ? partOf(order.total - order.refunded, event.part) : order.total - order.refunded
  const statements = {
    refund: () => sql`select from refund_part(${order.id}, ${seller}, ${dollars(amount)}, null, null, null, 'goodwill', null)`,
    cancel: () => sql`select from cancel_order(${order.id}, ${seller})`,
    ship: () => sql`select from ship_order(${order.id}, ${seller}, 'UPS', '1Z')`,
    deliver: () => sql`select from deliver_order(${order.id}, ${seller})`,
  }
  const outcome = await outcomeOf(statements[event.do]())
  expect(['done', 'SWSTA', 'SWDSP', 'SWRFX', 'SWINV']).toContain(outcome)
  if (outcome === 'done' && (event.do === 'refund' || event.do === 'cancel')) books.refund(order, amount)
  return outcome
}

/** Compares all books with the model. */
async function compare({ books, shops, before }: World): Promise<void> {
  const rows = await db.rows<{ shop_id: number }>`
    select shop_id, (pending * 100)::bigint::text as pending, (available * 100)::bigint::text as available,
      (in_transit * 100)::bigint::text as in_transit
    from shop_balances where shop_id = any (${shops}::bigint[])`
  const actual = new Map(rows.map(({ shop_id, ...balance }) => [shop_id, balance]))
  const nothing = { pending: '0', available: '0', in_transit: '0' }
  for (const [shop, shop_id] of shops.entries()) {
    const { pending, available, in_transit } = books.balanceOf(shop)
    const expected = { pending: `${pending}`, available: `${available}`, in_transit: `${in_transit}` }
    expect({ shop, ...(actual.get(shop_id) ?? nothing) }).toEqual({ shop, ...expected })
  }
  const now = await readPlatform()
  for (const [account, cents] of Object.entries(books.platform()))
    expect({ account, cents: `${(now.get(account) ?? 0n) - (before.get(account) ?? 0n)}` }).toEqual({
      account,
      cents: `${cents}`,
    })
  expect(books.orders.every(isWithin)).toBe(true)
}

const isWithin = (order: Order): boolean => order.refunded <= order.total && leftOf(order) <= order.total

const place = fc.nat({ max: 19 })
const part = fc.oneof({ weight: 1, arbitrary: fc.constant(100) }, { weight: 2, arbitrary: fc.integer({ min: 1, max: 100 }) })
const shop = fc.nat({ max: SHOPS - 1 })
const one = <T extends string>(...words: T[]) => fc.constantFrom(...words)
const of = <Doing extends string, Rest>(doing: Doing, rest: { [Key in keyof Rest]: fc.Arbitrary<Rest[Key]> }) =>
  fc.record({ do: fc.constant(doing), ...rest }) as fc.Arbitrary<{ do: Doing } & Rest>
const line = fc.record({ shop, listing: fc.nat({ max: 1 }), units: fc.integer({ min: 1, max: 4 }) })
const rate = fc.record({
  shop: fc.option(shop),
  category: fc.option(one('kitchen', 'mugs', 'prints')),
  percent: fc.bigInt(0n, 10_000n),
  fixed: fc.bigInt(0n, 200n),
  min: fc.bigInt(0n, 500n),
  max: fc.option(fc.bigInt(500n, 3000n)),
  on_shipping: fc.boolean(),
  tax_percent: fc.oneof(fc.constant(0n), fc.bigInt(1n, 10_000n)),
  is_kept: fc.boolean(),
})
const outcome = one('open', 'won', 'lost')
const PAYOUT_OUTCOMES = ['sent', 'paid', 'failed', 'returned', 'unknown'] as const
const event: fc.Arbitrary<Event> = fc.oneof(
  { weight: 5, arbitrary: of('sell', { lines: fc.array(line, { minLength: 1, maxLength: 4 }) }) },
  { weight: 3, arbitrary: of('add_rate', { rate, is_first: fc.boolean() }) },
  { weight: 1, arbitrary: of('end_rate', { place }) },
  { weight: 5, arbitrary: of('refund', { place, part }) },
  { weight: 2, arbitrary: of('refund_at_provider', { place, part, outcome: one('sent', 'refunded', 'failed') }) },
  { weight: 4, arbitrary: of('settle_refund', { place, outcome: one('sent', 'refunded', 'failed') }) },
  { weight: 5, arbitrary: of('ship', { place }) },
  { weight: 2, arbitrary: of('cancel', { place }) },
  { weight: 2, arbitrary: of('deliver', { place }) },
  { weight: 3, arbitrary: of('dispute', { place, part, outcome }) },
  { weight: 3, arbitrary: of('end_dispute', { place, outcome }) },
  { weight: 3, arbitrary: of('release', {}) },
  { weight: 3, arbitrary: of('plan', {}) },
  { weight: 1, arbitrary: of('plan_one', { shop }) },
  { weight: 6, arbitrary: of('settle', { place, outcome: one(...PAYOUT_OUTCOMES) }) },
  {
    weight: 2,
    arbitrary: of('adjust', { shop, amount: fc.bigInt(-3000n, 3000n).map((cents) => cents || 1n), key: one('a', 'b', 'c') }),
  },
)

/** Rounds of random events end when this many kinds of them have moved money. */
const MOVING_KINDS = 14

test('the ledger agrees with the model after each event', async () => {
  const done = new Set<string>()
  const events = fc.array(event, { minLength: 20, maxLength: 45 })
  const property = fc.asyncProperty(events, fc.constantFrom(0n, 500n), async (events, minimum) => {
    const world = await openWorld(minimum)
    for (const one of events) {
      if ((await happen(world, one)) === 'done') done.add(one.do)
      await compare(world)
    }
    expect(await findWrongLedger(sql)).toEqual([])
  })
  while (done.size < MOVING_KINDS) await fc.assert(property, { numRuns: 8 })
}, 120_000)
