/** Listings that are sent to different places, for the tests of all search engines. */
import type { Sql } from '../../../src/platform/db/client.ts'
import { makeShop, makeUser } from '../../../test/support/factory.ts'

const rateTo = (to: string) => ({ to, base: '5', per_extra_item: '1' })

/** Makes a shop whose default profile has a rate to the US, with a listing of each of its profiles. */
export async function postalShop(sql: Sql) {
  const owner_id = await makeUser(sql)
  const shop_id = await makeShop(sql, { owner_id })
  const add = async (name: string, places: string[]) => {
    const profile = sql.json({ name, rates: places.map(rateTo) })
    const [row] = await sql<{ id: number }[]>`select id from add_shipping_profile(${shop_id}, ${owner_id}, ${profile})`
    return row?.id as number
  }
  const list = async (title: string, shipping_profile_id: number | null) => {
    const product = sql.json({ title, price: '12', materials: ['bakelite'], shipping_profile_id })
    const [row] = await sql<{ id: number }[]>`select id from list_product(${shop_id}, ${owner_id}, ${product})`
    return row?.id as number
  }
  const profiles = { germany: await add('Germany', ['DE']), union: await add('Union', ['eu', 'CH']) }
  const ids = {
    anywhere: await list('Poster of anywhere', null),
    germany: await list('Poster of Germany', profiles.germany),
    union: await list('Poster of the Union', profiles.union),
  }
  return { owner_id, shop_id, profiles, ids, rateTo, list }
}
