import type { Pool } from '../src/platform/db/client.ts'
import { makePeople } from '../test/support/people.ts'

export type Buyers = {
  /** Makes signed-in users, each with three random items in the cart. Returns their tokens. */
  fillCarts: (count: number) => Promise<string[]>
}

/** The number of listings that the buyers buy. */
const GOODS = 2000
const LINES = 3

/** Chooses goods among the listings of the database and sets their stock to a million. */
export async function openBuyers(sql: Pool): Promise<Buyers> {
  const goods = await sql<{ id: number }[]>`
    update products set quantity = 1000000
    where id in (select p.id from products p where p.archived_at is null order by md5(p.id::text) limit ${GOODS}) returning id`
  const fillCarts = async (count: number) => {
    const people = await makePeople(sql, count)
    const shuffled = goods.map(({ id }) => id).sort(() => Math.random() - 0.5)
    await sql`
      insert into cart_items (user_id, product_id)
      select u.id, g.id from unnest(${people.map(({ id }) => id)}::bigint[]) with ordinality u (id, place)
      cross join generate_series(1, ${LINES}::integer) line
      join unnest(${shuffled}::bigint[]) with ordinality g (id, place)
        on g.place = 1 + (u.place * ${LINES}::integer + line) % ${goods.length}::integer`
    await sql`vacuum (analyze) users, sessions, cart_items`
    return people.map(({ token }) => token)
  }
  return { fillCarts }
}
