import { createRandom } from '../../../src/domains/catalog/random.ts'
import type { Sql } from '../../../src/platform/db/client.ts'
import { describeCounts } from '../../support/figures.ts'
import {
  addVariants,
  fillCarts,
  type Listing,
  listItems,
  makePeople,
  openShops,
  type Person,
  type Shop,
  variantFor,
} from '../../support/people.ts'
import { recordStock } from '../../support/stock.ts'
import { checkAtEnd } from '../checks/invariants.ts'
import { type ApiResponse, addToCart, type Call, checkOut, outcomeOf, send } from '../load/calls.ts'
import { startLoops } from '../loops.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { type Servers, startServers } from '../servers/servers.ts'
import { expectOneWinner } from './last_item.ts'

/** The listings of the trade and the buyers at once. */
const TRADED = 4
const TRADERS = 8
const BOUGHT = ['201', '409 insufficient_stock', '409 item_reserved', '409 price_changed', '409 cart_empty']

type StockBy = 'product' | 'variant'
/** The servers, the URL of the API and the seller of all listings. */
type Setup = Servers & { url: string; seller: Person }
type Varied = Required<Listing>

export const lastVariant: Scenario = {
  name: 'last_variant',
  claim:
    'Variants that share one unit have one buyer, and variants with a unit each have one buyer each, while the seller edits them',
  test: testLastVariant,
}

/** Runs races of adds and of checkouts, with one stock for both variants and with a stock for each. Then the variants are traded. */
async function testLastVariant(run: Run): Promise<string> {
  const buyers = countFor(run, 500)
  const rounds = countFor(run, 5, 2)
  const servers = await startServers(run, 'none')
  const { sql } = servers
  const shops = (await openShops(sql, 1)) as [Shop]
  const list = async (count: number, own_stock?: number) =>
    addVariants(sql, await listItems(sql, shops, Array<number>(count).fill(1)), own_stock)
  const [shared, own, traded] = [await list(2 * rounds), await list(2 * rounds, 1), await list(TRADED)]
  await recordStock(sql)
  // The seller changes the stock of these, and checkTrade knows how.
  await sql`delete from recorded_stock where product_id = any (${traded.map(({ id }) => id)}::bigint[])`
  const people = await makePeople(sql, buyers)
  const { url } = await servers.startApi()
  const setup: Setup = { ...servers, url, seller: shops[0].seller }
  let done = 0
  for (const [stock_by, listings] of [
    ['product', shared],
    ['variant', own],
  ] as const)
    for (const [place, listing] of listings.entries()) {
      const endEdits = startLoops([() => editInRace(run, setup, listing, stock_by)])
      const race = place < rounds ? raceToAdd : raceToCheckOut
      await race(run, setup, people, listing, stock_by)
      await endEdits()
      run.progress(++done, 4 * rounds, 'races')
    }
  const figures = await trade(run, setup, people, traded)
  await checkAtEnd(run, servers)
  const races = `${buyers} buyers add or check out the last unit of two variants, ${rounds} times with one stock and with two`
  return `${races}; ${figures}`
}

/** The seller changes the price of a variant, and sets its stock to what it was: after a sale this must change nothing. */
async function editInRace(run: Run, { url, seller }: Setup, listing: Varied, stock_by: StockBy): Promise<void> {
  const [variant] = listing.variants
  const path = stock_by === 'variant' ? `/v1/variants/${variant}` : `/v1/products/${listing.id}`
  const read = await send(url, seller, { method: 'GET', path: `${path}/quantity` })
  const priced = await send(url, seller, changePrice(listing, 12 + Math.random()))
  if (outcomeOf(priced) !== '200') run.fail(`a new price of a variant returned ${outcomeOf(priced)}`)
  const { quantity } = JSON.parse(read?.text ?? '{}') as { quantity: number }
  const set = outcomeOf(await send(url, seller, setQuantity(path, quantity, read?.etag)))
  // The new price is a change of the listing.
  if (set !== '412 precondition_failed' && (stock_by === 'product' || set !== '200')) run.fail(`a late quantity returned ${set}`)
}

const changePrice = ({ variants }: Varied, price: number): Call => ({
  method: 'PATCH',
  path: `/v1/variants/${variants[1]}`,
  body: { price: price.toFixed(2) },
})

const setQuantity = (path: string, quantity: number, etag: string | null = null): Call => ({
  method: 'PUT',
  path: `${path}/quantity`,
  body: { quantity },
  headers: { 'If-Match': etag ?? '' },
})

const addVariant = (person: Person, listing: Varied): Call => addToCart(listing.id, 1, undefined, variantFor(person, listing))

async function raceToAdd(run: Run, { sql, url }: Setup, people: Person[], listing: Varied, stock_by: StockBy): Promise<void> {
  const responses = await Promise.all(people.map((person) => send(url, person, addVariant(person, listing))))
  expectWinners(run, people, responses, listing, stock_by, 'add', '409 item_reserved')
  await sql`delete from cart_items where product_id = ${listing.id}`
}

/** The carts got the variants while their stock was higher, so no cart holds one. */
async function raceToCheckOut(
  run: Run,
  { sql, url }: Setup,
  people: Person[],
  listing: Varied,
  stock_by: StockBy,
): Promise<void> {
  await sql`delete from cart_items`
  await fillCarts(sql, people, [listing])
  const responses = await Promise.all(people.map((person) => send(url, person, checkOut(`last-${listing.id}`))))
  expectWinners(run, people, responses, listing, stock_by, 'check out', '409 insufficient_stock')
}

/** One winner of the shared stock, or one for each variant. */
function expectWinners(
  run: Run,
  people: Person[],
  responses: (ApiResponse | null)[],
  listing: Varied,
  stock_by: StockBy,
  what: string,
  loser: string,
): void {
  const stocks = stock_by === 'product' ? [null] : listing.variants
  for (const stock of stocks) {
    const own = responses.filter((_, place) => stock === null || variantFor(people[place] as Person, listing) === stock)
    expectOneWinner(run, own, `${own.length} buyers ${what} ${stock ? 'one variant' : 'two variants of one stock'}`, loser)
  }
}

/** What the seller has put into the stock of the product, and into those of its variants by id, and has not taken out again. */
type Counted = { product: number; variants: Map<number, number> }
type Page = { quantity: number; stock_by: StockBy; variants: { id: number; quantity: number | null }[] }

/** Buyers buy single units while the seller of each listing changes prices, stock, and whether its variants share the stock. */
async function trade(run: Run, setup: Setup, people: Person[], listings: Varied[]): Promise<string> {
  const { sql, url } = setup
  await sql`delete from cart_items`
  const random = createRandom(run.seed)
  const counts = new Map<string, number>()
  const count = (what: string) => counts.set(what, (counts.get(what) ?? 0) + 1)
  const counted = new Map(listings.map(({ id }): [number, Counted] => [id, { product: 1, variants: new Map() }]))
  const editInTurn = async (listing: Varied) => count(await edit(run, setup, listing, counted.get(listing.id) as Counted, random))
  const endEdits = startLoops(listings.map((listing) => () => editInTurn(listing)))
  const waiting = people.values()
  const buyInTurn = async () => {
    for (const person of waiting) {
      const listing = listings[Math.floor(random() * listings.length)] as Varied
      const added = outcomeOf(await send(url, person, addVariant(person, listing)))
      if (!['201', '409 item_reserved', '409 insufficient_stock'].includes(added)) run.fail(`an add returned ${added}`)
      if (added !== '201') continue
      const bought = outcomeOf(await send(url, person, checkOut(`trade-${person.id}`)))
      if (!BOUGHT.includes(bought)) run.fail(`a checkout returned ${bought}`)
      if (bought === '201') count('bought')
    }
  }
  await Promise.all(Array.from({ length: TRADERS }, buyInTurn))
  await endEdits()
  for (const what of ['bought', 'price', 'quantity', 'stock_by']) if (!counts.has(what)) run.fail(`in the trade, no ${what}`)
  for (const listing of listings) await checkTrade(run, sql, listing, counted.get(listing.id) as Counted)
  return `then traded with ${describeCounts(counts)}`
}

/** Makes one change and counts it. Returns the name of the change, or the response that refused it. */
async function edit(run: Run, { url, seller }: Setup, listing: Varied, counted: Counted, random: () => number): Promise<string> {
  const path = `/v1/products/${listing.id}`
  const read = await send(url, seller, { method: 'GET', path })
  const { quantity, stock_by, variants } = JSON.parse(read?.text ?? '{}') as Page
  const lot = random()
  const change = async (what: string, call: Call, apply: () => void) => {
    const outcome = outcomeOf(await send(url, seller, call))
    if (!['200', '412 precondition_failed', '409 item_held'].includes(outcome))
      run.fail(`a change of ${what} returned ${outcome}`)
    if (outcome === '200') apply()
    return outcome === '200' ? what : `${what} ${outcome}`
  }
  if (lot < 0.3) return change('price', changePrice(listing, 12 + random()), () => {})
  const units = Math.floor(random() * 6)
  if (lot < 0.7 && stock_by === 'product')
    return change('quantity', setQuantity(path, units, read?.etag), () => {
      counted.product += units - quantity
    })
  if (lot < 0.7) {
    const id = listing.variants[Math.floor(random() * listing.variants.length)] as number
    const variant = await send(url, seller, { method: 'GET', path: `/v1/variants/${id}/quantity` })
    const before = JSON.parse(variant?.text ?? '{}') as { quantity: number }
    return change('quantity', setQuantity(`/v1/variants/${id}`, units, variant?.etag), () =>
      put(counted, id, units - before.quantity),
    )
  }
  const quantities = variants.map(({ id }) => ({ variant_id: id, quantity: Math.floor(random() * 4) }))
  const is_split = stock_by === 'product'
  const body = is_split ? { stock_by: 'variant', variant_quantities: quantities } : { stock_by: 'product' }
  return change('stock_by', { method: 'PATCH', path, body, headers: { 'If-Match': read?.etag ?? '' } }, () => {
    counted.product += is_split ? -quantity : quantity
    if (is_split) for (const { variant_id, quantity } of quantities) put(counted, variant_id, quantity)
    else for (const { id, quantity } of variants) put(counted, id, -(quantity ?? 0))
  })
}

const put = ({ variants }: Counted, id: number, units: number) => void variants.set(id, (variants.get(id) ?? 0) + units)

/** Each stock has what the seller put into it, less what was sold from it. */
async function checkTrade(run: Run, sql: Sql, { id }: Varied, counted: Counted): Promise<void> {
  const stocks = await sql<{ variant_id: number | null; on_hand: number; sold: number }[]>`
    select s.variant_id, s.on_hand, (
      select coalesce(sum(oi.quantity), 0)::integer from order_items oi join orders o on o.id = oi.order_id
      where oi.product_id = s.product_id and oi.stock_variant_id is not distinct from s.variant_id and o.status = 'paid'
    ) as sold
    from (
      select p.id as product_id, null::bigint as variant_id, case when p.stock_by = 'product' then p.quantity else 0 end as on_hand
      from products p where p.id = ${id}
      union all
      select v.product_id, v.id, coalesce(v.quantity, 0) from variants v where v.product_id = ${id}
    ) s`
  for (const { variant_id, on_hand, sold } of stocks) {
    const wanted = variant_id === null ? counted.product : (counted.variants.get(variant_id) ?? 0)
    const stock = variant_id === null ? `product ${id}` : `variant ${variant_id} of product ${id}`
    if (on_hand < 0 || on_hand + sold !== wanted) run.fail(`${stock} was given ${wanted}: ${on_hand} left, ${sold} sold`)
  }
}
