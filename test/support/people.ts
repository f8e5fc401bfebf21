/** Writes buyers, sellers and listings directly into the tables, because hashing thousands of passwords takes long. */
import { createHash, randomBytes } from 'node:crypto'
import type { Sql } from '../../src/platform/db/client.ts'
import { makeVariants } from './factory.ts'

/** A signed-in user. */
export type Person = { id: number; token: string }
/** `variants` are the ids of its variants; a listing without variants has none. */
export type Listing = { id: number; shop_id: number; variants?: number[] }
/** A shop and its owner. */
export type Shop = { shop_id: number; seller: Person }

/** The domain of all their email addresses. No mail server has it. */
export const MADE_PEOPLE_DOMAIN = 'prove.invalid'

/** Registers people and signs them in. Their addresses start with `group`, so that a cleanup can find them. */
export async function makePeople(sql: Sql, count: number, group = ''): Promise<Person[]> {
  const names = Array.from({ length: count }, () => crypto.randomUUID())
  const tokens = names.map(() => `sw_${randomBytes(32).toString('base64url')}`)
  const hashes = tokens.map((token) => createHash('sha256').update(token).digest('hex'))
  const rows = await sql<{ id: number; place: number }[]>`
    with person as (
      select * from unnest(${names}::text[], ${hashes}::text[]) with ordinality p (name, hash, place)
    ),
    registered as (
      insert into users (email, password, display_name)
      select ${group}::text || p.name || ${`@${MADE_PEOPLE_DOMAIN}`}::text, '*', p.name from person p
      returning id, display_name
    ),
    signed_in as (
      insert into sessions (user_id, token_hash, expires_at)
      select r.id, decode(p.hash, 'hex'), now() + interval '1 day' from registered r join person p on p.name = r.display_name
    )
    select r.id, p.place from registered r join person p on p.name = r.display_name order by p.place`
  return rows.map(({ id }, index) => ({ id, token: tokens[index] as string }))
}

/** Opens shops that charge shipping, so that a total has more than one part. */
export async function openShops(sql: Sql, count: number, group = ''): Promise<Shop[]> {
  const sellers = await makePeople(sql, count, group)
  const opened: Shop[] = []
  for (const [index, seller] of sellers.entries()) {
    const shipping = {
      base: `${index % 4}.99`,
      per_extra_item: `0.${10 + (index % 90)}`,
      processing_days_min: 1,
      processing_days_max: 3,
    }
    const [shop] = await sql<{ id: number }[]>`
      insert into shops (owner_id, name, shipping) values (${seller.id}, ${`Shop ${index}`}, ${sql.json(shipping)}) returning id`
    opened.push({ shop_id: (shop as { id: number }).id, seller })
  }
  return opened
}

/** Lists items with these quantities in the shops, round-robin. The prices are not round. */
export async function listItems(sql: Sql, shops: Shop[], quantities: number[]): Promise<Listing[]> {
  const shop_ids = quantities.map((_, index) => (shops[index % shops.length] as Shop).shop_id)
  const prices = quantities.map((_, index) => `${1 + ((index * 37) % 80)}.${10 + ((index * 53) % 90)}`)
  return [
    ...(await sql<Listing[]>`
      insert into products (shop_id, title, price, quantity)
      select l.shop_id, 'Listing ' || l.place, l.price, l.quantity
      from unnest(${shop_ids}::bigint[], ${prices}::numeric[], ${quantities}::integer[])
        with ordinality l (shop_id, price, quantity, place)
      order by l.place
      returning id, shop_id`),
  ]
}

/** Gives each listing two variants. They share its stock, or each has this quantity of its own. The second has its own price. */
export async function addVariants(sql: Sql, listings: Listing[], quantity?: number): Promise<Required<Listing>[]> {
  const stock = quantity === undefined ? {} : { quantity }
  const small = { option_values: ['S'], price: null, ...stock }
  const large = { option_values: ['L'], price: '12.34', ...stock }
  const varied: Required<Listing>[] = []
  for (const listing of listings) varied.push({ ...listing, variants: await makeVariants(sql, listing.id, [small, large]) })
  return varied
}

/** Returns the variant that the person buys. Without variants it is null. */
export const variantFor = ({ id }: Person, { variants = [] }: Listing): number | null => variants[id % variants.length] ?? null

/** Puts one unit of each listing into each cart, without the checks of the API. */
export async function fillCarts(sql: Sql, people: Person[], listings: Listing[]): Promise<void> {
  const variants = people.flatMap((person) => listings.map((listing) => variantFor(person, listing)))
  await sql`
    insert into cart_items (user_id, product_id, variant_id, stock_variant_id)
    select l.user_id, p.id, l.variant_id, stock_variant(p, l.variant_id)
    from unnest(
      ${people.flatMap(({ id }) => listings.map(() => id))}::bigint[], ${people.flatMap(() => listings.map(({ id }) => id))}::bigint[],
      ${variants}::bigint[]
    ) l (user_id, product_id, variant_id)
    join products p on p.id = l.product_id`
}
