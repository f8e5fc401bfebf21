/**
 * Random changes, by calls and by hand. After each change, every cached page must equal, byte for byte, the page of an API
 * without a cache on the same database. After a call this must be so at once. After a change in psql it must be so as soon as the
 * relay has passed it on.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import fc from 'fast-check'
import { type Call, checkOut, send } from '../../../test/faults/load/calls.ts'
import { type RedisProcess, startRedis } from '../../../test/faults/servers/redis_process.ts'
import type { ApiProcess } from '../../../test/support/api_process.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { makePeople, type Person } from '../../../test/support/people.ts'
import { requires } from '../../../test/support/requirements.ts'
import { spawnApi } from '../../../test/support/server.ts'
import { openUncachedApp } from '../../../test/support/uncached_app.ts'
import { refreshVocabulary } from '../../domains/search/vocabulary.ts'
import type { Sql } from '../db/client.ts'

const SHOPS = 2
const PRODUCTS = 6
const BUYERS = 2
const WORDS = ['mug', 'cup', 'bowl', 'beaker', 'vase']
const COMMANDS = 10
/** How long each of the two tests starts new sequences, always the same ones in the same order. */
const FOR_MS = 8000
const SEED = 7

const place = (count: number) => fc.nat({ max: count - 1 })
const product = place(PRODUCTS)
const shop = place(SHOPS)
const buyer = place(BUYERS)
const word = fc.constantFrom(...WORDS)
const by_hand = fc.boolean()
const only = <T extends string>(name: T) => fc.constant(name)

const commands = fc.array(
  fc.oneof(
    fc.record({ do: only('price'), product, cents: fc.integer({ min: 1, max: 9999 }), by_hand }),
    fc.record({ do: only('stock'), product, quantity: fc.constantFrom(0, 1, 2, 50), by_hand }),
    fc.record({ do: only('title'), product, word, by_hand }),
    fc.record({ do: only('archive'), product, by_hand }),
    fc.record({ do: only('restore'), product, by_hand }),
    fc.record({ do: only('like'), buyer, what: fc.constantFrom('product', 'shop'), product, shop, by_hand }),
    fc.record({ do: only('unlike'), buyer, what: fc.constantFrom('product', 'shop'), product, shop, by_hand }),
    fc.record({ do: only('rate'), shop, rating: fc.constantFrom(1, 3.5, 5) }),
    fc.record({ do: only('vacation'), shop, is_on_vacation: fc.boolean(), by_hand }),
    fc.record({ do: only('vacation_message'), shop, word, by_hand }),
    fc.record({ do: only('name'), shop, word, by_hand }),
    fc.record({ do: only('add'), buyer, product, quantity: fc.constantFrom(1, 2) }),
    fc.record({ do: only('change'), buyer, product, quantity: fc.constantFrom(1, 3), by_hand }),
    fc.record({ do: only('remove'), buyer, product, by_hand }),
    fc.record({ do: only('check_out'), buyer }),
    fc.record({ do: only('synonyms'), word, other: word }),
  ),
  { minLength: COMMANDS, maxLength: COMMANDS },
)
type Command = typeof commands extends fc.Arbitrary<(infer C)[]> ? C : never

type World = {
  sql: TestDatabase['sql']
  url: string
  products: number[]
  shops: number[]
  sellers: Person[]
  buyers: Person[]
  uncached: Awaited<ReturnType<typeof openUncachedApp>>['app']
}

/** Creates two shops with three listings each, and one category. There are no purchases or favorites. */
async function furnish(sql: Sql): Promise<Pick<World, 'products' | 'shops' | 'sellers' | 'buyers'>> {
  const sellers = await makePeople(sql, SHOPS)
  const buyers = await makePeople(sql, BUYERS)
  const shipping = { base: '2.00', per_extra_item: '0.50', processing_days_min: 1, processing_days_max: 3 }
  const [category] = await sql<{ id: number }[]>`insert into categories (name, slug) values ('Pottery', 'pottery') returning id`
  const shops: number[] = []
  const products: number[] = []
  for (const [place, { id }] of sellers.entries()) {
    const [shop] = await sql<{ id: number }[]>`
      insert into shops (owner_id, name, shipping) values (${id}, ${`Kiln ${place}`}, ${sql.json(shipping)}) returning id`
    shops.push(shop?.id as number)
    for (let n = 0; n < PRODUCTS / SHOPS; n++) {
      const [made] = await sql<{ id: number }[]>`
        insert into products (shop_id, title, price, quantity, category_id)
        values (${shop?.id as number}, ${`A blue ${WORDS[n]}`}, ${10 + n}, 3, ${category?.id as number}) returning id`
      products.push(made?.id as number)
    }
  }
  return { products, shops, sellers, buyers }
}

const ownerOf = ({ sellers }: World, product: number) => sellers[Math.floor(product / (PRODUCTS / SHOPS))] as Person

/** Returns the call for a command, and its caller, or null if there is no such call. */
function callFor(world: World, command: Command): [Person, Call] | null {
  const { products, shops, sellers, buyers } = world
  const buyer = 'buyer' in command ? (buyers[command.buyer] as Person) : null
  const product_id = 'product' in command ? (products[command.product] as number) : 0
  const seller = ownerOf(world, 'product' in command ? command.product : 0)
  const shop_path = `/v1/shops/${'shop' in command ? shops[command.shop] : 0}`
  const owner = sellers['shop' in command ? command.shop : 0] as Person
  const path = `/v1/products/${product_id}`
  const line = `/v1/cart/items/${product_id}`
  switch (command.do) {
    case 'price':
      return [seller, { method: 'PATCH', path, body: { price: (command.cents / 100).toFixed(2) } }]
    case 'stock':
      return [seller, { method: 'PATCH', path, body: { quantity: command.quantity }, headers: { 'If-Match': '*' } }]
    case 'title':
      return [seller, { method: 'PATCH', path, body: { title: `A red ${command.word}` } }]
    case 'archive':
      return [seller, { method: 'DELETE', path }]
    case 'restore':
      return [seller, { method: 'POST', path: `${path}/restore` }]
    case 'vacation':
      return [owner, { method: 'PATCH', path: shop_path, body: { is_on_vacation: command.is_on_vacation } }]
    case 'vacation_message':
      return [owner, { method: 'PATCH', path: shop_path, body: { vacation_message: `Gone for a ${command.word}` } }]
    case 'name':
      return [owner, { method: 'PATCH', path: shop_path, body: { name: `The ${command.word}` } }]
    case 'like':
    case 'unlike': {
      const id = command.what === 'shop' ? shops[command.shop] : product_id
      return [buyer as Person, { method: command.do === 'like' ? 'PUT' : 'DELETE', path: `/v1/favorites/${command.what}/${id}` }]
    }
    case 'add':
      return [buyer as Person, { method: 'POST', path: '/v1/cart/items', body: { product_id, quantity: command.quantity } }]
    case 'change':
      return [buyer as Person, { method: 'PATCH', path: line, body: { quantity: command.quantity } }]
    case 'remove':
      return [buyer as Person, { method: 'DELETE', path: line }]
    case 'check_out':
      return [buyer as Person, checkOut(crypto.randomUUID())]
    case 'rate':
    case 'synonyms':
      return null
  }
}

/** Does the same without any rule, like an administrator in psql. */
async function doByHand({ sql, products, shops, buyers }: World, command: Command): Promise<void> {
  const user_id = 'buyer' in command ? (buyers[command.buyer]?.id as number) : 0
  const id = 'product' in command ? (products[command.product] as number) : 0
  const shop_id = 'shop' in command ? (shops[command.shop] as number) : 0
  switch (command.do) {
    case 'price':
      return void (await sql`update products set price = ${command.cents / 100} where id = ${id}`)
    case 'stock':
      return void (await sql`update products set quantity = ${command.quantity} where id = ${id}`)
    case 'title':
      return void (await sql`update products set title = ${`A red ${command.word}`} where id = ${id}`)
    case 'archive':
      return void (await sql`update products set archived_at = now() where id = ${id} and archived_at is null`)
    case 'restore':
      return void (await sql`update products set archived_at = null where id = ${id}`)
    case 'rate':
      return void (await sql`update shops set rating = ${command.rating} where id = ${shop_id}`)
    case 'vacation':
      return void (await sql`update shops set is_on_vacation = ${command.is_on_vacation} where id = ${shop_id}`)
    case 'vacation_message':
      return void (await sql`update shops set vacation_message = ${`Gone for a ${command.word}`} where id = ${shop_id}`)
    case 'name':
      return void (await sql`update shops set name = ${`The ${command.word}`} where id = ${shop_id}`)
    case 'like':
      return void (await sql`
        insert into favorites (user_id, fav_type, fav_id)
        values (${user_id}, ${command.what}, ${command.what === 'shop' ? shop_id : id}) on conflict do nothing`)
    case 'unlike':
      return void (await sql`
        delete from favorites
        where user_id = ${user_id} and fav_type = ${command.what} and fav_id = ${command.what === 'shop' ? shop_id : id}`)
    case 'change':
      return void (await sql`
        update cart_items set quantity = ${command.quantity} where user_id = ${user_id} and product_id = ${id}`)
    case 'remove':
      return void (await sql`delete from cart_items where user_id = ${user_id} and product_id = ${id}`)
    case 'synonyms':
      if (command.word !== command.other) await sql`select add_synonyms(${[command.word, command.other]}, null)`
  }
}

/** Returns whether a call made the change. Then the test need not wait for the relay. */
async function perform(world: World, command: Command): Promise<boolean> {
  const call = 'by_hand' in command && command.by_hand ? null : callFor(world, command)
  if (!call) {
    await doByHand(world, command)
    return false
  }
  const answer = await send(world.url, ...call)
  // A refusal is fine, but a failure is not.
  expect(answer?.status).toBeLessThan(500)
  return true
}

/** Waits until the vocabulary has counted every word, and the relay has no changes left. */
async function settle({ sql }: World): Promise<void> {
  for (;;) {
    await refreshVocabulary(sql)
    const [left] = await sql<{ is_any: boolean }[]>`
      select exists (select from changes) or exists (select from search_word_changes) as is_any`
    if (!left?.is_any) return
    await Bun.sleep(10)
  }
}

const searches = [
  '/v1/search',
  '/v1/search?limit=2&sort=price_asc',
  '/v1/search?limit=2&q=blue',
  '/v1/search?q=mug',
  '/v1/search?q=beeker&category=pottery',
]

/** Returns every page of every user: `[path, whose]`. */
const pagesOf = ({ products, shops, buyers }: World): [string, Person | null][] => [
  ...products.map((id): [string, null] => [`/v1/products/${id}`, null]),
  ...shops.flatMap((id): [string, null][] => [
    [`/v1/shops/${id}`, null],
    [`/v1/shops/${id}/products`, null],
    [`/v1/shops/${id}/products?limit=1`, null],
  ]),
  ...buyers.map((buyer): [string, Person] => ['/v1/cart', buyer]),
  ['/v1/trending', null],
  ['/v1/trending?category=pottery', null],
]

async function expectFresh({ url, uncached }: World, pages: [string, Person | null][], after: string): Promise<void> {
  for (const [path, person] of pages) {
    const headers = person ? { Authorization: `Bearer ${person.token}` } : {}
    const kept = await readAnswer(path, await fetch(url + path, { headers }))
    const fresh = await readAnswer(path, await uncached.request(path, { headers }))
    expect({ after, path, ...kept }).toEqual({ after, path, ...fresh })
  }
}

/** Returns the parts of a response that a cache can affect. For trending, the cache stores the order, but not the listings. */
async function readAnswer(path: string, response: Response) {
  const whole = (await response.text()).replace(/"took_ms":\d+/, '').replace(/"request_id":"[^"]+"/, '')
  const text = path.startsWith('/v1/trending') ? sortById(whole) : whole
  return { status: response.status, etag: response.headers.get('etag'), link: response.headers.get('link'), text }
}

function sortById(text: string): string {
  const page = JSON.parse(text) as { items: { id: number }[] }
  return JSON.stringify({ ...page, items: page.items.toSorted((one, other) => one.id - other.id) })
}

async function tryVariables(variables: Record<string, string>): Promise<number> {
  const database = await openTestDatabase()
  let api: ApiProcess | undefined
  const furniture = await furnish(database.sql)
  const { app, stop } = await openUncachedApp(database.sql, { check_answers: true })
  try {
    api = await spawnApi({ DATABASE_URL: database.url, ...variables })
    const world: World = { sql: database.sql, url: api.url, uncached: app, ...furniture }
    await settle(world)
    const all: [string, Person | null][] = [...pagesOf(world), ...searches.map((path): [string, null] => [path, null])]
    let compared = 0
    const until_ms = performance.now() + FOR_MS
    const property = fc.asyncProperty(commands, async (sequence) => {
      if (performance.now() > until_ms) return
      await expectFresh(world, all, 'nothing')
      for (const command of sequence) {
        const is_call = await perform(world, command)
        if (!is_call) await settle(world)
        await expectFresh(world, pagesOf(world), JSON.stringify(command))
        // Some process counts new words within seconds. Searches can have them or not.
        if (is_call) await settle(world)
        await expectFresh(world, all, JSON.stringify(command))
        compared += all.length
      }
    })
    await fc.assert(property, { numRuns: 1000, seed: SEED, endOnFailure: true })
    return compared
  } finally {
    await api?.stop()
    await stop()
    await database.close()
  }
}

test('the cache of one process returns the same bytes as no cache', async () => {
  expect(await tryVariables({ REDIS_URL: '' })).toBeGreaterThan(0)
})

describe.if(requires('redis-server'))('with Redis', () => {
  let redis: RedisProcess
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(() => redis.kill())

  test('a cache in Redis returns the same bytes as no cache', async () => {
    expect(await tryVariables({ REDIS_URL: redis.url })).toBeGreaterThan(0)
  })
})
