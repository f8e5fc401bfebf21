import { beforeEach, describe, expect, test } from 'bun:test'
import { openRivals, type Rival, untilBlocked } from '../../test/support/races.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const ALIAS = 'things'
const ME = crypto.randomUUID()

type Taken = {
  index_name: string | null
  next_index_name: string | null
  lag_s: number
  is_held: boolean
  revision: number | null
  product_ids: number[]
  stock_ids: number[]
  versions: number[]
}

const take = async (holder = ME, batch_size = 1000, alias = ALIAS) =>
  (await db.sql<Taken[]>`select * from take_search_changes(${alias}, ${holder}, ${batch_size})`)[0] as Taken
const queue = (products: number[], stock: number[] = [], shops: number[] = []) =>
  db.sql`select queue_search_changes(${products}, ${stock}, ${shops})`
const settle = ({ product_ids, versions }: Pick<Taken, 'product_ids' | 'versions'>) =>
  db.value<number>`select acknowledge_search_changes(${product_ids}, ${versions}) as settled`
const pending = () => db.value<number[]>`select coalesce(array_agg(product_id order by 1), '{}') from search_changes`

/** Follows an index that is already built. */
async function follow(alias = ALIAS, format = 1): Promise<string> {
  const holder = crypto.randomUUID()
  const name = await db.value<string>`select index_name from begin_search_build(${alias}, ${holder}, 0)`
  await db.sql`select follow_search_build(${alias}, ${name}, ${format})`
  await db.sql`select finish_search_build(${alias}, ${name}, 'uuid', ${format}, '{}', '{}')`
  await db.sql`select release_lease('search build', ${holder})`
  return name
}

beforeEach(async () => {
  await db.sql`truncate changes, leases, search_changes, search_shop_changes, search_indexes`
})

describe('the queue', () => {
  beforeEach(() => follow())

  test('has a listing once; the whole document replaces stock, and every change raises the version', async () => {
    await queue([], [5])
    const first = await take()
    expect(first).toMatchObject({ product_ids: [5], stock_ids: [5] })
    await queue([5])
    const second = await take()
    expect(second).toMatchObject({ product_ids: [5], stock_ids: [] })
    await queue([], [5, 5])
    const third = await take()
    expect(third).toMatchObject({ product_ids: [5], stock_ids: [] })
    expect(new Set([first, second, third].flatMap((taken) => taken.versions)).size).toBe(3)
  })

  test('returns the oldest first, up to the limit, and keeps unsettled rows', async () => {
    await queue([9, 7])
    await queue([3])
    await queue([9])
    expect((await take(ME, 2)).product_ids).toEqual([7, 9])
    const all = await take(ME, 3)
    expect(all.product_ids).toEqual([7, 9, 3])
    expect(await settle(all)).toBe(3)
    expect((await take()).product_ids).toEqual([])
  })

  test('a change during the write of a listing stays, with its own age', async () => {
    await queue([5, 6])
    await db.sql`update search_changes set queued_at = now() - interval '1 minute'`
    const taken = await take()
    expect(taken.lag_s).toBeGreaterThanOrEqual(60)
    await queue([], [6])
    expect(await settle(taken)).toBe(1)
    expect(await take()).toMatchObject({ product_ids: [6], lag_s: expect.any(Number) })
    expect((await take()).lag_s).toBeLessThan(60)
  })

  test('the holder of an older row does not settle a new one of the same listing', async () => {
    await queue([5])
    const early = await take()
    await settle(early)
    await queue([5])
    expect(await settle(early)).toBe(0)
    expect(await pending()).toEqual([5])
  })

  test('settling skips locked rows', async () => {
    await queue([5, 6])
    const taken = await take()
    await db.sql.begin(async (tx) => {
      await tx`select queue_search_changes('{5}', '{}', '{}')`
      expect(await settle(taken)).toBe(1)
    })
    expect(await pending()).toEqual([5])
  })

  test('each revision is higher than the one before', async () => {
    const revisions = [await take(), await take(), await take()].map((taken) => taken.revision as number)
    expect(revisions).toEqual(revisions.toSorted((a, b) => a - b))
    expect(new Set(revisions).size).toBe(3)
  })

  test('a rejected document is set aside with the reason, until the listing changes', async () => {
    await queue([5, 6])
    const { product_ids, versions } = await take()
    await db.sql`select dead_letter_search_changes(${product_ids.slice(0, 1)}, ${versions.slice(0, 1)}, '{too odd}')`
    await settle({ product_ids: product_ids.slice(1), versions: versions.slice(1) })
    expect(await take()).toMatchObject({ product_ids: [], lag_s: 0 })
    expect(await db.rows`select product_id, refusal from search_changes`).toEqual([{ product_id: 5, refusal: 'too odd' }])
    await queue([], [5])
    expect(await take()).toMatchObject({ product_ids: [5], stock_ids: [] })
    expect((await db.sql`select refusal from search_changes`)[0]?.refusal).toBeNull()
  })

  test('a newer change clears a rejection', async () => {
    await queue([5])
    const { product_ids, versions } = await take()
    await queue([5])
    await db.sql`select dead_letter_search_changes(${product_ids}, ${versions}, '{too odd}')`
    expect((await take()).product_ids).toEqual([5])
  })
})

describe('shops whose rating or sales changed', () => {
  let shop_id: number
  let ids: number[]
  beforeEach(async () => {
    await follow()
    shop_id = await db.makeShop()
    ids = await db.makeProducts(5, { shop_id })
    await db.sql`truncate changes`
  })

  test('are walked page by page: stock only, without archived listings', async () => {
    await db.sql`update products set archived_at = now() where id = ${ids[1] as number}`
    await queue([], [], [shop_id])
    const listed = ids.filter((id) => id !== ids[1])
    const first = await take(ME, 3)
    expect(first).toMatchObject({ product_ids: listed.slice(0, 3), stock_ids: listed.slice(0, 3) })
    await settle(first)
    const second = await take(ME, 3)
    expect(second.product_ids).toEqual(listed.slice(3))
    await settle(second)
    expect((await take(ME, 3)).product_ids).toEqual([])
    expect(await db.sql`select from search_shop_changes`).toHaveLength(0)
  })

  test('come after listings that changed themselves', async () => {
    await queue([], [], [shop_id])
    await queue([101, 102, 103])
    expect((await take(ME, 3)).product_ids).toEqual([101, 102, 103])
    expect((await take(ME, 5)).product_ids).toEqual([101, 102, 103, ...ids.slice(0, 2)])
  })

  test('are walked to the end although they change all the time, and then again', async () => {
    const walked: number[] = []
    for (let n = 0; n < 6; n++) {
      await queue([], [], [shop_id])
      const taken = await take(ME, 2)
      walked.push(...taken.product_ids)
      await settle(taken)
    }
    expect(walked.slice(0, 5)).toEqual(ids)
    expect(walked.slice(5, 10)).toEqual(ids)
  })

  test('no deadlock: shops are locked before listings, and listings by id', async () => {
    const [low, high] = [ids[0] as number, 2 ** 40]
    await queue([], [], [shop_id])
    const rivals = await openRivals(db.url, 3)
    const [relay, walker, third] = rivals.all as [Rival, Rival, Rival]
    const free = Promise.withResolvers<void>()
    const held = Promise.withResolvers<void>()
    const holding = third.sql.begin(async (tx) => {
      await tx`select queue_search_changes(${[high]}, '{}', '{}')`
      held.resolve()
      await free.promise
    })
    await held.promise
    // The relay waits for its last lock. It has locked the shop already, so the walker must skip the shop.
    const relayed = relay.sql`select queue_search_changes(${[high, low]}, '{}', ${[shop_id]})`.execute()
    await untilBlocked(db.sql, relay)
    // A shop that the walker can lock, with a listing that the relay has locked.
    const other_id = await db.makeShop()
    const theirs = await db.makeProduct({ shop_id: other_id })
    await queue([], [], [other_id])
    const walked = walker.sql`select * from take_search_changes(${ALIAS}, ${ME}, 1000)`.execute()
    expect((await walked)[0]?.product_ids).toEqual([theirs])
    free.resolve()
    await Promise.all([holding, relayed])
    expect((await take()).product_ids.toSorted((a, b) => a - b)).toEqual([...ids, theirs, high].toSorted((a, b) => a - b))
    await rivals.close()
  })

  test('listings of several shops are locked by id', async () => {
    const second_id = await db.makeShop()
    const [mine, theirs] = [ids[0] as number, await db.makeProduct({ shop_id: second_id })]
    // The shop of the newer listing has waited longer.
    await queue([], [], [second_id])
    await queue([], [], [shop_id])
    const rivals = await openRivals(db.url, 2)
    const [relay, walker] = rivals.all as [Rival, Rival]
    let walked: Promise<Taken[]> | undefined
    await relay.sql.begin(async (tx) => {
      await tx`select queue_search_changes(${[mine]}, '{}', '{}')`
      walked = walker.sql<Taken[]>`select * from take_search_changes(${ALIAS}, ${ME}, 1000)`.execute()
      await untilBlocked(db.sql, walker)
      await tx`select queue_search_changes(${[theirs]}, '{}', '{}')`
    })
    expect((await walked)?.[0]?.product_ids.toSorted((a, b) => a - b)).toEqual([...ids, theirs])
    await rivals.close()
  })

  test('can have no listing', async () => {
    await queue([], [], [await db.makeShop(), shop_id])
    expect((await take()).product_ids).toEqual(ids)
    expect(await db.sql`select from search_shop_changes`).toHaveLength(0)
  })
})

describe('the relay', () => {
  const settleAll = () => db.sql`select acknowledge_changes(array(select id from changes), true)`

  test('queues in the statement that settles: documents, stock, and shops that sold', async () => {
    await follow()
    const shop_id = await db.makeShop()
    const [whole, sold, archived] = await db.makeProducts(3, { shop_id, quantity: 9 })
    await settleAll()
    expect((await take()).product_ids).toEqual([whole, sold, archived])
    await settle(await take())
    await db.sql`update products set title = 'Another', quantity = 2 where id = ${whole}`
    await db.sql`update products set archived_at = now() where id = ${archived}`
    await db.sql`update products set quantity = 8 where id = ${sold}`
    await db.sql`update shops set sales_count = sales_count + 1 where id = ${shop_id}`
    await settleAll()
    const taken = await take()
    expect(taken.product_ids.toSorted((a, b) => a - b)).toEqual([whole, sold, archived])
    expect(taken.stock_ids).toEqual([sold])
    expect(await db.sql`select from changes`).toHaveLength(0)
  })

  test('keeps nothing if no index is followed', async () => {
    await take()
    await db.makeProduct()
    await settleAll()
    expect(await pending()).toEqual([])
  })
})

describe('the work', () => {
  test('belongs to one process, until it has been silent for 5 seconds', async () => {
    await follow()
    await queue([5])
    const other = crypto.randomUUID()
    expect(await take()).toMatchObject({ is_held: true, product_ids: [5] })
    expect(await take(other)).toMatchObject({ is_held: false, product_ids: [], revision: null, index_name: `${ALIAS}_v1` })
    await db.sql`update leases set held_until = now() where name = 'search indexer'`
    expect(await take(other)).toMatchObject({ is_held: true, product_ids: [5] })
    expect((await take()).is_held).toBe(false)
  })

  test('an hour without an indexer ends the queue of changes, and a rebuild is due', async () => {
    await follow()
    await queue([5])
    await db.sql`update search_indexes set seen_at = now() - interval '59 minutes'`
    await queue([6])
    expect(await pending()).toEqual([5, 6])
    await db.sql`update search_indexes set seen_at = now() - interval '61 minutes'`
    await queue([7], [], [8])
    expect(await pending()).toEqual([])
    expect(await db.sql`select from search_shop_changes`).toHaveLength(0)
    expect(await take()).toMatchObject({ index_name: null, product_ids: [] })
  })

  test('a request keeps the changes', async () => {
    await follow()
    await db.sql`update search_indexes set seen_at = now() - interval '61 minutes'`
    await take()
    await queue([7])
    expect(await pending()).toEqual([7])
  })
})

describe('a build', () => {
  const begin = (holder = ME, above = 0) => db.value<string>`select * from begin_search_build(${ALIAS}, ${holder}, ${above})`
  const followBuild = (name: string, format = 1) => db.sql`select follow_search_build(${ALIAS}, ${name}, ${format})`
  const start = async () => {
    const name = await begin()
    await followBuild(name)
    return name
  }
  const finish = (name: string, refused: number[] = [], reasons: string[] = []) =>
    db.value<boolean>`select finish_search_build(${ALIAS}, ${name}, 'uuid', 1, ${refused}, ${reasons})`

  test('belongs to one process, and no number is used twice, nor one of the engine', async () => {
    expect(await begin()).toBe(`${ALIAS}_v1`)
    expect(await begin(crypto.randomUUID())).toBeNull()
    expect(await begin()).toBe(`${ALIAS}_v2`)
    expect(await begin(ME, 7)).toBe(`${ALIAS}_v8`)
    await db.sql`update leases set held_until = now()`
    expect(await begin(crypto.randomUUID(), 3)).toBe(`${ALIAS}_v9`)
  })

  test('queues changes from the moment it is followed, for the old index and for itself', async () => {
    const name = await begin()
    await queue([5])
    expect(await pending()).toEqual([])
    await followBuild(name)
    await queue([6])
    expect(await take()).toMatchObject({ index_name: null, next_index_name: name, product_ids: [6] })
    expect(await finish(name)).toBe(true)
    expect(await take()).toMatchObject({ index_name: name, next_index_name: null, product_ids: [6] })
    const second = await start()
    expect(await take()).toMatchObject({ index_name: name, next_index_name: second })
  })

  test('in another format leaves the old index behind', async () => {
    await follow(ALIAS, 1)
    const name = await begin()
    await followBuild(name, 2)
    expect(await take()).toMatchObject({ index_name: null, next_index_name: name })
  })

  test('cannot be finished after it was abandoned', async () => {
    const first = await start()
    await queue([5])
    await db.sql`select abandon_search_build(${ALIAS}, ${first})`
    expect(await pending()).toEqual([])
    expect(await finish(first)).toBe(false)
    const second = await start()
    await begin()
    expect(await finish(second)).toBe(false)
  })

  test('retries rejected documents, and keeps those that it rejects itself', async () => {
    await follow()
    await queue([5, 6])
    const { product_ids, versions } = await take()
    await db.sql`select dead_letter_search_changes(${product_ids}, ${versions}, '{odd,odd}')`
    const name = await start()
    await finish(name, [7, 6], ['new', 'still odd'])
    expect((await take()).product_ids).toEqual([5, 6])
    expect(await db.rows`select product_id, refusal from search_changes where refusal is not null`).toEqual([
      { product_id: 7, refusal: 'new' },
    ])
  })

  test('with another alias replaces the first: one index follows a database', async () => {
    await follow()
    await follow('others')
    expect((await take()).index_name).toBeNull()
    expect((await take(ME, 10, 'others')).index_name).toBe('others_v1')
  })
})

describe('a check of the followed index', () => {
  const check = (followed: string, found: string, uuid = 'uuid') =>
    db.value<boolean>`select check_search_index(${ALIAS}, ${followed}, ${found}, ${uuid}, 0)`

  test('accepts it, and one that a build has just put behind the alias', async () => {
    const name = await follow()
    expect(await check(name, name)).toBe(true)
    await db.sql`select begin_search_build(${ALIAS}, ${ME}, 0)`
    await db.sql`select follow_search_build(${ALIAS}, ${`${ALIAS}_v2`}, 1)`
    expect(await check(name, `${ALIAS}_v2`, 'new')).toBe(true)
  })

  test('gives up one of the same name with another uuid, and its queue', async () => {
    const name = await follow()
    await queue([5])
    expect(await check(name, name, 'another')).toBe(false)
    expect((await take()).index_name).toBeNull()
    expect(await pending()).toEqual([])
  })

  test('changes nothing if a build has ended since the caller asked Elasticsearch', async () => {
    const first = await follow()
    const second = await follow()
    await queue([5])
    expect(await check(first, first)).toBe(true)
    expect((await take()).index_name).toBe(second)
    expect(await pending()).toEqual([5])
  })
})
