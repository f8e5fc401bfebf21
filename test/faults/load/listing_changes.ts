/** A load that changes listings in every way that the search index must follow, and some listings again and again. */
import type { Sql } from '../../../src/platform/db/client.ts'
import { startLoops } from '../loops.ts'

export type ListingChanges = {
  count: () => number
  /** Runs `work` while no listing changes. */
  pause: <T>(work: () => Promise<T>) => Promise<T>
  end: () => Promise<void>
}

const PAUSE_MS = 20
/** The number of listings that change again while the indexer writes an earlier change of the same listing. */
const HOT = 10
const LISTINGS = 6000

export function startChanges(sql: Sql, random: () => number): ListingChanges {
  let count = 0
  let paused: Promise<unknown> | null = null
  let change: Promise<void> = Promise.resolve()
  const end = startLoops([
    async () => {
      await paused
      change = changeListing(sql, random, ++count)
      await change
      await Bun.sleep(PAUSE_MS)
    },
  ])
  const pause = async <T>(work: () => Promise<T>) => {
    const { promise, resolve } = Promise.withResolvers<void>()
    paused = promise
    try {
      await change
      return await work()
    } finally {
      paused = null
      resolve()
    }
  }
  return { count: () => count, pause, end }
}

async function changeListing(sql: Sql, random: () => number, count: number): Promise<void> {
  const from = 1 + Math.floor(random() * (random() < 0.5 ? HOT : LISTINGS))
  const [listing] = await sql<{ id: number; shop_id: number }[]>`
    select id, shop_id from products where id >= ${from} and not has_variants order by id limit 1`
  if (!listing) return
  const { id, shop_id } = listing
  const kind = random()
  if (kind < 0.4) await sql`update products set quantity = ${Math.floor(random() * 5)} where id = ${id}`
  else if (kind < 0.7) await sql`update products set title = ${`Changed ${count}`}, price = ${1 + (count % 90)} where id = ${id}`
  else if (kind < 0.8) await sql`update products set archived_at = case when archived_at is null then now() end where id = ${id}`
  else if (kind < 0.9)
    await sql`insert into products (shop_id, title, price, quantity) values (${shop_id}, ${`New ${count}`}, 5, 1)`
  else await sql`update shops set sales_count = sales_count + 1, rating = ${1 + (count % 4)} where id = ${shop_id}`
}
