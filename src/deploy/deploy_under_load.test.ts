/**
 * Deploys that add a result column to functions and remove it again, beside a running API. Every call gets its usual response.
 */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addToCart, type Call, checkOut, describe, send } from '../../test/faults/load/calls.ts'
import type { ApiProcess } from '../../test/support/api_process.ts'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { type Listing, listItems, openShops, type Person, type Shop } from '../../test/support/people.ts'
import { writeReshaped } from '../../test/support/reshaped_functions.ts'
import { spawnApi } from '../../test/support/server.ts'
import { deployFunctions, FUNCTIONS } from './deploy_functions.ts'

/** Functions that run alone, in a transaction (with an Idempotency-Key), and inside another function. */
const RESHAPED = ['search_products', 'start_session', 'place_checkout', 'list_product', 'reserve_item', 'claim_key']
const SHOPPERS = 6
/** The rounds of each shopper after each deploy. They are enough for every connection to send every statement. */
const ROUNDS = 3
const TIMEOUT_MS = 120_000

let db: TestDatabase
let api: ApiProcess
let listings: Listing[]
let shops: Shop[]
let category_id: number
const folder = mkdtempSync(join(tmpdir(), 'stallwright-functions-'))

beforeAll(async () => {
  db = await openTestDatabase()
  shops = await openShops(db.sql, SHOPPERS)
  listings = await listItems(db.sql, shops, Array(40).fill(100_000))
  const [category] = await db.sql<{ id: number }[]>`insert into categories (slug, name) values ('wood', 'Wood') returning id`
  category_id = (category as { id: number }).id
  await db.sql`update products set is_vintage = id % 2 = 0`
  await writeReshaped(db.sql, RESHAPED, folder)
  api = await spawnApi({ DATABASE_URL: db.url })
}, TIMEOUT_MS)
afterAll(async () => {
  await api.stop()
  await db.close()
  rmSync(folder, { recursive: true })
})

const account = { email: 'ann@example.com', password: 'correct horse battery' }

type Expected = { call: Call; person?: Person; status: number; holds?: (body: never) => boolean }

/** Sends a call and returns the faults of its response. Returns none if the response is as expected. */
async function findFault({ call, person, status, holds }: Expected): Promise<string[]> {
  const answer = await send(api.url, person ?? null, call)
  const is_right = answer?.status === status && (!holds || holds(JSON.parse(answer.text) as never))
  return is_right ? [] : [`${call.method} ${call.path}: ${describe(answer)}`]
}

/** One round of a shopper, who sells in their own shop and buys in another. */
async function shop(person: Person, round: string, item: Listing): Promise<string[]> {
  const own = shops.find(({ seller }) => seller === person) as Shop
  const listing = { title: 'Spoon', price: '4.50', quantity: 2, category_id, tags: [], images: [], is_vintage: false }
  const list = { method: 'POST', path: `/v1/shops/${own.shop_id}/products`, body: listing, key: `list-${round}` }
  const signed_in = await send(api.url, null, { method: 'POST', path: '/v1/sessions', body: account })
  const { token = '' } = JSON.parse(signed_in?.text ?? '{}') as { token?: string }
  const expected: Expected[] = [
    { call: { method: 'GET', path: '/v1/me' }, person: { id: 0, token }, status: 200 },
    {
      call: { method: 'GET', path: '/v1/search?q=listing&is_vintage=true&limit=100' },
      status: 200,
      holds: ({ items }: { items: { is_vintage: boolean }[] }) => items.length > 0 && items.every((hit) => hit.is_vintage),
    },
    { call: list, person, status: 201 },
    { call: list, person, status: 201 },
    { call: addToCart(item.id, 1_000_000), person, status: 409 },
    { call: addToCart(item.id, 1, `cart-${round}`), person, status: 201 },
    { call: checkOut(`buy-${round}`), person, status: 201, holds: ({ orders }: { orders: object[] }) => orders.length === 1 },
    { call: checkOut(`buy-${round}`), person, status: 201 },
    { call: checkOut(`empty-${round}`), person, status: 409 },
  ]
  const faults: string[] = []
  for (const one of expected) faults.push(...(await findFault(one)))
  return faults
}

/**
 * Starts shoppers who continue until `stop`. `rounds` waits until each has finished that many more rounds. `stop` returns all
 * faults.
 */
function startShopping() {
  const faults: string[] = []
  const done = shops.map(() => 0)
  let open = true
  const all = shops.map(async ({ seller, shop_id }, shopper) => {
    const others = listings.filter((listing) => listing.shop_id !== shop_id)
    while (open) {
      const item = others[(done[shopper] as number) % others.length] as Listing
      faults.push(...(await shop(seller, `${shopper}-${done[shopper]}`, item)))
      done[shopper] = (done[shopper] as number) + 1
    }
  })
  const rounds = async (count: number) => {
    const before = [...done]
    while (done.some((so_far, shopper) => so_far < (before[shopper] as number) + count)) await Bun.sleep(5)
  }
  const stop = async () => {
    open = false
    await Promise.all(all)
    return faults
  }
  return { rounds, stop }
}

test(
  'no call fails and no response is wrong',
  async () => {
    await send(api.url, null, { method: 'POST', path: '/v1/users', body: { ...account, display_name: 'Ann' } })
    const shopping = startShopping()
    await shopping.rounds(ROUNDS)
    for (const functions of [folder, FUNCTIONS]) {
      expect(await deployFunctions(db.sql, functions)).toBe(true)
      await shopping.rounds(ROUNDS)
    }
    expect(await shopping.stop()).toEqual([])
  },
  TIMEOUT_MS,
)
