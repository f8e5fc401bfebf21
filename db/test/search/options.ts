/** Listings with options, for the tests of both search engines. */
import type { Sql } from '../../../src/platform/db/client.ts'
import { makeShop } from '../../../test/support/factory.ts'

type Variant = { option_values: string[]; quantity?: number; images?: string[] }

/** Lists an item with options and variants. Without quantities its variants share one stock of 1. */
export async function listWithVariants(
  sql: Sql,
  shop_id: number,
  title: string,
  options: Record<string, string[]>,
  variants: Variant[],
): Promise<number> {
  const images = [`https://example.com/${title.toLowerCase().split(' ').at(-1)}.jpg`]
  const [product] = await sql<{ id: number }[]>`
    insert into products (shop_id, title, images, price) values (${shop_id}, ${title}, ${images}, 12) returning id`
  const id = product?.id as number
  for (const [place, [name, values]] of Object.entries(options).entries())
    await sql`
      insert into product_options (product_id, position, name, option_values)
      values (${id}, ${place + 1}, ${name}, ${values})`
  await sql`
    insert into variants (product_id, shop_id, option_values, quantity, images)
    select ${id}, ${shop_id}, array(select jsonb_array_elements_text(v -> 'option_values')), (v ->> 'quantity')::integer,
      array(select jsonb_array_elements_text(v -> 'images'))
    from jsonb_array_elements(${JSON.stringify(variants)}::text::jsonb) v`
  return id
}

/** Makes a shop that sells sizes, colors, frames and odd names. */
export async function optionShop(sql: Sql) {
  const shop_id = await makeShop(sql)
  const shirt = await listWithVariants(sql, shop_id, 'Linen shirt', { Size: ['S', 'M'], Color: ['Blue', 'Red'] }, [
    { option_values: ['S', 'Blue'], quantity: 0 },
    { option_values: ['S', 'Red'], quantity: 1 },
    { option_values: ['M', 'Blue'], quantity: 2, images: ['https://example.com/blue.jpg'] },
    { option_values: ['M', 'Red'], quantity: 0 },
  ])
  const dress = await listWithVariants(sql, shop_id, 'Linen dress', { Size: ['S', 'M'] }, [
    { option_values: ['S'], quantity: 0 },
    { option_values: ['M'], quantity: 1 },
  ])
  const cap = await listWithVariants(sql, shop_id, 'Wool cap', { SIZE: ['s', 'l'] }, [
    { option_values: ['s'], quantity: 4 },
    { option_values: ['l'], quantity: 0 },
  ])
  const hat = await listWithVariants(sql, shop_id, 'Wool hat', { Size: ['S'] }, [{ option_values: ['S'], quantity: 1 }])
  const painting = await listWithVariants(sql, shop_id, 'Painting', { Frame: ['Oak', 'Unframed'] }, [
    { option_values: ['Oak'] },
    { option_values: ['Unframed'] },
  ])
  const ratios = ['16:9', `"🎁" 'x' \\`, `${'long '.repeat(19)}!`]
  const odd = await listWithVariants(sql, shop_id, 'Screen', { Ratio: ratios }, [
    ...ratios.map((value) => ({ option_values: [value] })),
  ])
  return { shop_id, ids: { shirt, dress, cap, hat, painting, odd } }
}
