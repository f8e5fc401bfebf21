/** Deletes the rows of a load test, except those that other rows reference. Archives its listings. */
import { openPool, type Sql } from '../../src/platform/db/client.ts'
import { MADE_PEOPLE_DOMAIN } from '../../test/support/people.ts'

/** The number of archived listings and deleted users, and of the buyers, shops and orders that stay. Orders are kept forever. */
export type CleanUp = { archived: number; deleted: number; buyers: number; shops: number; orders: number }

/** Listings in one statement. The number is small, so that other transactions wait only briefly for the locks. */
const BATCH = 500

/**
 * Archives the listings of all users whose email address starts with `group`, and signs these users out. Deletes the users
 * without a shop and without a checkout.
 */
export async function cleanUp(sql: Sql, group: string): Promise<CleanUp> {
  const addresses = `${group}%@${MADE_PEOPLE_DOMAIN}`
  let archived = 0
  for (let count = BATCH; count === BATCH; archived += count) count = await archiveSome(sql, addresses)
  await sql`delete from sessions s using users u where u.id = s.user_id and u.email like ${addresses}`
  const deleted = await sql`
    delete from users u
    where u.email like ${addresses}
      and not exists (select from shops s where s.owner_id = u.id)
      and not exists (select from checkouts c where c.buyer_id = u.id)`
  const [left] = await sql<{ buyers: number; shops: number; orders: number }[]>`
    select count(*) filter (where exists (select from checkouts c where c.buyer_id = u.id))::integer as buyers,
      coalesce(sum((select count(*) from shops s where s.owner_id = u.id)), 0)::integer as shops,
      coalesce(sum((select count(*) from orders o where o.buyer_id = u.id)), 0)::integer as orders
    from users u where u.email like ${addresses}`
  return { archived, deleted: deleted.count, ...(left ?? { buyers: 0, shops: 0, orders: 0 }) }
}

/** Locks the listings in the order of their ids, like every transaction that locks several. Returns their number. */
async function archiveSome(sql: Sql, addresses: string): Promise<number> {
  const { count } = await sql`
    with listing as (
      select p.id from products p join shops s on s.id = p.shop_id join users u on u.id = s.owner_id
      where u.email like ${addresses} and p.archived_at is null
      order by p.id limit ${BATCH} for no key update of p
    )
    update products p set archived_at = clock_timestamp() from listing l where p.id = l.id`
  return count
}

export function describeCleanUp({ archived, deleted, buyers, shops, orders }: CleanUp): string {
  const stays = `${shops} shops without listings, and ${buyers} people with ${orders} orders, stay`
  return `Archived ${archived} listings and deleted ${deleted} people who bought and sold nothing; ${stays}.`
}

/** Cleans up after all load tests on this database, also after killed ones. Returns the exit code. */
export async function cleanUpAll(database_url: string | undefined, say: (line: string) => void): Promise<number> {
  if (!database_url) throw new Error('Set DATABASE_URL to the database that the load tests ran against.')
  const sql = openPool(database_url, { max: 1, name: 'stallwright loadtest', statement_timeout_ms: 0 })
  try {
    say(describeCleanUp(await cleanUp(sql, '')))
    return 0
  } finally {
    await sql.end({ timeout: 5 })
  }
}
