import { beforeEach, describe, expect, test } from 'bun:test'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
beforeEach(async () => {
  await db.sql`truncate changes`
})

type Change = { keys: string[]; product_ids: number[]; stock_ids: number[]; sales_shop_ids: number[] }

const readChanges = async (): Promise<Change[]> =>
  await db.rows<Change>`select keys, product_ids, stock_ids, sales_shop_ids from changes order by id`
const staleKeys = async () => [...new Set((await readChanges()).flatMap(({ keys }) => keys))].sort()

/** Makes a listing in its own shop, with its changes handled. */
async function makeListing() {
  const shop_id = await db.makeShop()
  const product_id = await db.makeProduct({ shop_id })
  await db.sql`truncate changes`
  return { shop_id, product_id }
}

describe('changes are recorded for', () => {
  test('a listing: its page, its shop’s page and list, and its document', async () => {
    const shop_id = await db.makeShop()
    expect(await readChanges()).toEqual([])
    const product_id = await db.makeProduct({ shop_id })
    expect(await staleKeys()).toEqual([`product:${product_id}`, `shop:${shop_id}`, `shop:${shop_id}:products`])
    expect((await readChanges()).map((change) => change.product_ids)).toEqual([[product_id]])
  })

  test('many listings in one statement: each document', async () => {
    const shop_id = await db.makeShop()
    const made = await db.sql<{ id: number }[]>`
      insert into products (shop_id, title, price) select ${shop_id}, 'Mug ' || n, 1 from generate_series(1, 700) n returning id`
    const changes = await readChanges()
    expect(changes.flatMap(({ product_ids }) => product_ids)).toEqual(made.map(({ id }) => id).sort((a, b) => a - b))
    expect(await staleKeys()).toHaveLength(702)
  })

  test.each([
    ['title', "title = 'Jug'", 'product_ids'],
    ['price', 'price = 11', 'product_ids'],
    ['price and stock', 'price = 12, quantity = 8', 'product_ids'],
    ['tags', "tags = '{blue}'", 'product_ids'],
    ['stock', 'quantity = 7', 'stock_ids'],
    ['what was never in the index', "who_made = 'i_did'", null],
  ])('a listing by hand: %s', async (_what, set, column) => {
    const { shop_id, product_id } = await makeListing()
    await db.sql.unsafe(`update products set ${set} where id = ${product_id}`)
    expect(await staleKeys()).toEqual([`product:${product_id}`, `shop:${shop_id}:products`])
    const [{ product_ids, stock_ids } = {}] = await readChanges()
    expect({ product_ids, stock_ids }).toEqual({ product_ids: [], stock_ids: [], ...(column ? { [column]: [product_id] } : {}) })
  })

  test('variants whose stock changes, if the search shows it', async () => {
    const owner_id = await db.makeUser()
    const shop_id = await db.makeShop({ owner_id })
    const product = {
      ...{ title: 'Shirt', price: '9', quantity: 2, options: [{ name: 'Size', values: ['S', 'M'] }] },
      variants: [{ option_values: ['S'] }, { option_values: ['M'] }],
    }
    const { id, variants } = await db.json`select body from list_product(${shop_id}, ${owner_id}, ${db.sql.json(product)})`
    const [small, medium] = variants.map((variant: { id: number }) => variant.id)
    const noted = async (small_stock: number | null, medium_stock: number | null) => {
      await db.sql`truncate changes`
      await db.sql`
        update variants set quantity = case id when ${small} then ${small_stock}::integer else ${medium_stock}::integer end
        where id in ${db.sql([small, medium])}`
      const changes = await readChanges()
      expect(changes.flatMap(({ product_ids }) => product_ids)).toEqual([])
      return [...new Set(changes.flatMap(({ stock_ids }) => stock_ids))]
    }
    // The sum stays 2, and one size sells out or comes back.
    expect(await noted(2, 0)).toEqual([id])
    expect(await noted(0, 2)).toEqual([id])
    expect(await noted(1, 1)).toEqual([id])
    expect(await staleKeys()).toContain(`product:${id}`)
    // The sum stays 1 + 4, and both sizes are in stock before and after.
    await noted(1, 4)
    expect(await noted(4, 1)).toEqual([])
  })

  test('an archived or deleted listing changes what its shop shows', async () => {
    const { shop_id, product_id } = await makeListing()
    for (const statement of ['update products set archived_at = now()', 'delete from products']) {
      await db.sql`truncate changes`
      await db.sql.unsafe(`${statement} where id = ${product_id}`)
      expect(await staleKeys()).toContain(`shop:${shop_id}`)
      expect(await readChanges()).toMatchObject([{ product_ids: [product_id], stock_ids: [] }])
    }
  })

  test('a shop’s name, rating and vacation are on the pages of its listings, its other facts are not', async () => {
    const { shop_id, product_id } = await makeListing()
    const pages = [`product:${product_id}`, `shop:${shop_id}`, `shop:${shop_id}:products`]
    const changed = async (set: string) => {
      await db.sql`truncate changes`
      await db.sql.unsafe(`update shops set ${set} where id = ${shop_id}`)
      return { keys: await staleKeys(), sales: (await readChanges())[0]?.sales_shop_ids }
    }
    for (const set of ["name = 'Clay'", 'is_on_vacation = true', "vacation_message = 'Back in June.'", 'is_on_vacation = false'])
      expect(await changed(set)).toEqual({ keys: pages, sales: [] })
    expect(await changed("vacation_message = 'Back in May.'")).toEqual({ keys: [`shop:${shop_id}`], sales: [] })
    expect(await changed('rating = 4.5')).toEqual({ keys: pages, sales: [shop_id] })
    expect(await changed('sales_count = 9')).toEqual({ keys: [`shop:${shop_id}`], sales: [shop_id] })
  })

  test('favorites, carts and sessions', async () => {
    const [{ shop_id, product_id }, user_id] = [await makeListing(), await db.makeUser()]
    await db.sql`
      insert into sessions (user_id, token_hash, expires_at) values (${user_id}, sha256('a'), now() + interval '1 day')`
    await db.sql`truncate changes`
    await db.sql`select add_favorite(${user_id}, 'product', ${product_id}), add_favorite(${user_id}, 'shop', ${shop_id})`
    expect(await staleKeys()).toEqual([`product:${product_id}`, `shop:${shop_id}`, `shop:${shop_id}:products`])
    await db.sql`truncate changes`
    await db.reserve(user_id, product_id)
    expect(await staleKeys()).toEqual([`cart:${user_id}`])
    await db.sql`truncate changes`
    await db.sql`select * from end_sessions(${user_id})`
    expect(await staleKeys()).toEqual([`session:${new Bun.CryptoHasher('sha256').update('a').digest('hex')}`])
  })

  test('a sale, from the cart to the shop', async () => {
    const sale = await db.makeSale()
    const keys = await staleKeys()
    for (const key of [`product:${sale.product_id}`, `shop:${sale.shop_id}`, `cart:${sale.buyer_id}`]) expect(keys).toContain(key)
    const changes = await readChanges()
    expect(changes.some((change) => change.stock_ids.includes(sale.product_id))).toBe(true)
    expect(changes.some((change) => change.sales_shop_ids.includes(sale.shop_id))).toBe(true)
  })

  test('synonyms, categories and the vocabulary: every search', async () => {
    await db.sql`insert into search_synonyms (terms) values ('{a,b}')`
    expect(await staleKeys()).toEqual(['searches'])
    await makeListing()
    await db.sql`select refresh_search_words()`
    expect(await staleKeys()).toEqual(['searches'])
  })

  test('a change that commits, and not for one that rolls back', async () => {
    const { product_id } = await makeListing()
    await db.sql
      .begin(async (tx) => {
        await tx`update products set price = 12 where id = ${product_id}`
        throw new Error('taken back')
      })
      .catch(() => {})
    expect(await readChanges()).toEqual([])
  })
})

describe('a call can read the keys that it made stale', () => {
  const stale = async (call: string) =>
    (await db.sql.unsafe(`select current_setting('stallwright.stale_keys', true) as keys from ${call}`))[0]?.keys as string | null

  test('from its own function, and not from earlier ones on the connection', async () => {
    const [user_id, product_id] = [await db.makeUser(), await db.makeProduct()]
    expect(await stale(`reserve_item(${user_id}, ${product_id})`)).toBe(`cart:${user_id}`)
    expect((await stale(`cart_line_ids(${user_id})`)) || null).toBeNull()
  })

  test('as * for a mass change', async () => {
    const shop_id = await db.makeShop()
    const user_id = await db.makeUser()
    await db.sql`
      insert into products (shop_id, title, price) select ${shop_id}, 'Mug ' || n, 1 from generate_series(1, 1000) n`
    await db.sql.begin(async (tx) => {
      await tx`update products set price = 2 where shop_id = ${shop_id}`
      await tx`select add_favorite(${user_id}, 'shop', ${shop_id})`
      const [row] = await tx<{ keys: string }[]>`select current_setting('stallwright.stale_keys', true) as keys`
      expect(row?.keys).toBe('*')
    })
  })
})

describe('the relay', () => {
  const holder = crypto.randomUUID()
  const other = crypto.randomUUID()
  const read = async (who: string, batch_size = 100) =>
    await db.rows<{ id: number; keys: string[] }>`select * from read_changes(${who}, ${batch_size})`

  test('is unique: another one reads nothing until the lease ends or is released', async () => {
    await db.makeProduct()
    expect((await read(holder)).length).toBeGreaterThan(0)
    expect(await read(other)).toEqual([])
    await db.sql`update leases set held_until = clock_timestamp() - interval '1 second'`
    expect((await read(other)).length).toBeGreaterThan(0)
    await db.sql`select release_lease('relay', ${other})`
    expect((await read(holder)).length).toBeGreaterThan(0)
  })

  test('settles what it read, and leaves one change for all when the caches were not invalidated', async () => {
    await db.makeBuyer(await db.makeProduct())
    const first = await read(holder, 1)
    expect(first).toHaveLength(1)
    const rest = (await readChanges()).length - 1
    expect(await db.value<number>`select acknowledge_changes(${first.map(({ id }) => id)}, true)`).toBe(1)
    expect(await readChanges()).toHaveLength(rest)
    for (let turn = 0; turn < 2; turn++) {
      const all = await read(holder)
      await db.sql`select acknowledge_changes(${all.map(({ id }) => id)}, false)`
      expect((await readChanges()).map(({ keys }) => keys)).toEqual([['*']])
    }
  })
})

test('processes count each other while their heartbeats last', async () => {
  const [one, two] = [crypto.randomUUID(), crypto.randomUUID()]
  const beat = async (id: string, own: boolean, unheard = false) =>
    (await db.sql`select others, others_not_invalidating from record_heartbeat(${id}, ${own}, ${unheard})`)[0]
  expect(await beat(one, true)).toEqual({ others: 0, others_not_invalidating: 0 })
  expect(await beat(two, false)).toEqual({ others: 1, others_not_invalidating: 1 })
  expect(await beat(one, true)).toEqual({ others: 1, others_not_invalidating: 0 })
  await beat(two, false, true)
  expect(await beat(one, true)).toEqual({ others: 1, others_not_invalidating: 1 })
  await db.sql`update processes set seen_at = clock_timestamp() - interval '4 seconds' where id = ${two}`
  expect(await beat(one, true)).toEqual({ others: 0, others_not_invalidating: 0 })
  await beat(two, false)
  expect(await beat(one, true)).toEqual({ others: 1, others_not_invalidating: 0 })
  await db.sql`select remove_process(${two})`
  expect(await beat(one, true)).toEqual({ others: 0, others_not_invalidating: 0 })
  await db.sql`update processes set seen_at = clock_timestamp() - interval '2 minutes' where id = ${one}`
  await beat(two, false)
  expect((await db.sql`select id from processes`).map(({ id }) => id)).toEqual([two])
})
