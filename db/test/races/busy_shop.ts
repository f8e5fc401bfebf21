/** A shop whose listings are in the carts of buyers, for races that remove what the listings name. */
import type { testDatabase } from '../test_database.ts'

type Database = Awaited<ReturnType<typeof testDatabase>>

/** `makeBuyers` returns people with one unit of each listing in the cart. */
export type BusyShop = { owner: number; shop: number; products: number[]; makeBuyers: (count: number) => Promise<number[]> }

/** Opens a shop with six listings that never sell out. */
export async function openBusyShop(db: Database): Promise<BusyShop> {
  const owner = await db.makeUser()
  const shop = await db.makeShop({ owner_id: owner })
  const products: number[] = []
  for (let n = 0; n < 6; n++) products.push(await db.makeProduct({ shop_id: shop, quantity: 100_000 }))
  const makeBuyers = async (count: number) => {
    const buyers: number[] = []
    for (let n = 0; n < count; n++) {
      const buyer = await db.makeUser()
      await db.sql`insert into cart_items (user_id, product_id) select ${buyer}, p from unnest(${products}::bigint[]) p`
      buyers.push(buyer)
    }
    return buyers
  }
  return { owner, shop, products, makeBuyers }
}
