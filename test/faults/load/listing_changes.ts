/** A load that changes listings in every way that the search index must follow, and some listings again and again. */
import type { Sql } from '../../../src/platform/db/client.ts'

export type ListingChanges = {
  count: () => number
  /** Runs `work` while no listing changes. */
  pause: <T>(work: () => Promise<T>) => Promise<T>
  end: () => Promise<void>
}

const PAUSE_MS = 20
/** The number of listings that change again while the indexer writes an earlier change of the same listing. */
const HOT = 10

export function startChanges(sql: Sql, random: () => number): ListingChanges {
  const over = new AbortController()
  let count = 0
  let held: Promise<unknown> | null = null
  let under_way: Promise<void> = Promise.resolve()
  const change = async () => {
    const [listing] = await sql<{ id: number; shop_id: number }[]>`
      select id, shop_id from products where id >= ${random() < 0.5 ? 1 + Math.floor(random() * HOT) : 1 + Math.floor(random() * 6000)}
      order by id limit 1`
    if (!listing) return
    const { id, shop_id } = listing
    const lot = random()
    count++
    if (lot < 0.4) await sql`update products set quantity = ${Math.floor(random() * 5)} where id = ${id}`
    else if (lot < 0.7) await sql`update products set title = ${`Changed ${count}`}, price = ${1 + (count % 90)} where id = ${id}`
    else if (lot < 0.8) await sql`update products set archived_at = case when archived_at is null then now() end where id = ${id}`
    else if (lot < 0.9)
      await sql`insert into products (shop_id, title, price, quantity) values (${shop_id}, ${`New ${count}`}, 5, 1)`
    else await sql`update shops set sales_count = sales_count + 1, rating = ${1 + (count % 4)} where id = ${shop_id}`
  }
  const working = (async () => {
    while (!over.signal.aborted) {
      if (held) await held
      under_way = change()
      await under_way
      await Bun.sleep(PAUSE_MS)
    }
  })()
  return {
    count: () => count,
    pause: async (work) => {
      const { promise, resolve } = Promise.withResolvers<void>()
      held = promise
      try {
        await under_way
        return await work()
      } finally {
        held = null
        resolve()
      }
    },
    end: async () => {
      over.abort()
      await working
    },
  }
}
