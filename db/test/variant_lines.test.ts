/** Lines of a cart, of a checkout and of an order know their variant, the stock that they take, and the buyer's text. */
import { describe, expect, test } from 'bun:test'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

const stockOf = async (product: number) =>
  db.value<number[]>`
    select array[p.quantity] || array(select v.quantity from variants v where v.product_id = p.id and v.quantity is not null order by v.id)
    from products p where p.id = ${product}`
const cartOf = async (user: number) =>
  (await db.json`select cart_json(${user})`) as { shops: { items: object[] }[]; total: string }
const linesOf = async (user: number) => (await cartOf(user)).shops.flatMap(({ items }) => items)
const orderOf = (id: number) => db.json`select order_json(o) from orders o where o.id = ${id}`
const trailOf = async (id: number) =>
  (await db.rows`select replay_order(o.id) as replayed, order_facts(o) as shown from orders o where o.id = ${id}`)[0]
const archive = (variant: number) => db.sql`update variants set archived_at = now() where id = ${variant}`
const lineIds = (user: number) => db.value<number[]>`select cart_line_ids(${user})`
const settle = (checkout_id: number, outcome = 'paid') => db.sql`select * from settle_checkout(${checkout_id}, ${outcome})`

type Choice = { quantity?: number; text?: string | null }
async function add(buyer: number, product: number, variant: number | null, { quantity = 1, text = null }: Choice = {}) {
  const [added] = await db.sql<{ line_id: number; reserved_until: Date | null }[]>`
    select * from reserve_item(${buyer}, ${product}, ${quantity}, ${variant}, ${text})`
  return added as { line_id: number; reserved_until: Date | null }
}

/** A painting, framed or unframed, in one stock; the framed one costs 30.00 and has an sku. */
async function painting(quantity = 1) {
  const seller = await db.makeUser()
  const shop = await db.makeShop({ owner_id: seller })
  const product = await db.makeProduct({ shop_id: shop, title: 'Painting', quantity, sku: 'PAINT' })
  const [plain, framed] = await db.makeVariants(product, [
    { option_values: ['Unframed'] },
    { option_values: ['Framed'], price: '30.00', sku: 'PAINT-F' },
  ])
  return { seller, product, plain: plain as number, framed: framed as number }
}

/** A shirt in two sizes, each with its own stock. */
async function shirt(small: number, medium: number) {
  const seller = await db.makeUser()
  const shop = await db.makeShop({ owner_id: seller })
  const product = await db.makeProduct({ shop_id: shop, title: 'Shirt' })
  const [s, m] = await db.makeVariants(product, [
    { option_values: ['S'], quantity: small },
    { option_values: ['M'], quantity: medium, price: '12.00' },
  ])
  return { seller, product, s: s as number, m: m as number }
}

describe('a shared stock of one', () => {
  test('is held whole by a line of any variant', async () => {
    const { product, plain, framed } = await painting()
    const [ann, bob] = await db.makeUsers(2)
    const { reserved_until } = await add(ann, product, plain)
    expect(reserved_until).not.toBeNull()
    for (const variant of [plain, framed]) expect(await refusalOf(add(bob, product, variant))).toMatchObject({ code: 'SWRES' })
    expect(await refusalOf(add(ann, product, framed))).toMatchObject({ code: 'SWSTK' })
    expect(await add(ann, product, plain)).toMatchObject({ reserved_until })
  })

  test('is sold once, at the price of the variant', async () => {
    const { product, framed } = await painting()
    const [ann] = await db.makeUsers(1)
    await add(ann, product, framed)
    const [line] = await linesOf(ann)
    expect(line).toMatchObject({ variant_id: framed, option_values: ['Framed'], sku: 'PAINT-F', unit_price: '30.00' })
    const [{ order_id, total }] = await db.splitOrders(ann)
    expect(total).toBe('30.00')
    expect(await stockOf(product)).toEqual([0])
    expect((await orderOf(order_id)).items).toMatchObject([
      { variant_id: framed, option_values: ['Framed'], sku: 'PAINT-F', personalization: null, price_at_purchase: '30.00' },
    ])
  })

  test('returns with the line of the other variant unheld if another buyer holds it now', async () => {
    const { product, plain, framed } = await painting()
    const [ann, bob] = await db.makeUsers(2)
    await add(ann, product, framed)
    const [{ checkout_id }] = await db.splitOrders(ann)
    await db.sql`update products set quantity = 1 where id = ${product}`
    await add(bob, product, plain)
    await settle(checkout_id, 'declined')
    expect(await linesOf(ann)).toMatchObject([{ variant_id: framed, reserved_until: null }])
    expect(await stockOf(product)).toEqual([2])
  })
})

describe('stock of each variant', () => {
  test('is held by variant', async () => {
    const { product, s, m } = await shirt(1, 1)
    const [ann, bob] = await db.makeUsers(2)
    await add(ann, product, s)
    expect((await add(bob, product, m)).reserved_until).not.toBeNull()
    expect(await refusalOf(add(bob, product, s))).toMatchObject({ code: 'SWRES' })
    expect((await add(ann, await db.makeProduct(), null)).reserved_until).not.toBeNull()
  })

  test('is taken by variant, and the listing has the sum', async () => {
    const { product, s, m } = await shirt(3, 2)
    const [ann] = await db.makeUsers(1)
    await add(ann, product, s, { quantity: 2 })
    await add(ann, product, m)
    expect(await linesOf(ann)).toMatchObject([{ available_quantity: 3 }, { available_quantity: 2 }])
    expect(await refusalOf(add(ann, product, m, { quantity: 2 }))).toMatchObject({ code: 'SWSTK', detail: { available: 2 } })
    const [{ total }] = await db.splitOrders(ann)
    expect(total).toBe('32.00')
    expect(await stockOf(product)).toEqual([2, 1, 1])
  })

  test('a checkout takes all or nothing, and the guard behind the check counts by variant', async () => {
    const { product, s, m } = await shirt(3, 2)
    const [ann] = await db.makeUsers(1)
    await add(ann, product, s, { quantity: 3 })
    await add(ann, product, m, { quantity: 2 })
    await db.sql`update variants set quantity = 1 where id = ${m}`
    const ids = await lineIds(ann)
    expect(await refusalOf(db.splitOrders(ann))).toMatchObject({
      code: 'SWSTK',
      message: 'Only 1 left of "Shirt".',
      detail: { errors: [{ line_id: ids[1], code: 'insufficient_stock' }] },
    })
    const take = db.sql`select take_stock(jsonb_agg(to_jsonb(l))) from lines_to_order(${ann}, ${ids}) l`
    expect(await refusalOf(take)).toMatchObject({ code: 'SWSTK', message: 'An item of the cart is sold out.' })
    expect((await stockOf(product)).slice(1)).toEqual([3, 1])
  })

  test('returns by variant after a declined payment, with both lines', async () => {
    const { product, s, m } = await shirt(1, 2)
    const [ann] = await db.makeUsers(1)
    const { reserved_until } = await add(ann, product, s)
    await add(ann, product, m, { quantity: 2 })
    const before = await lineIds(ann)
    const [{ checkout_id }] = await db.splitOrders(ann)
    expect(await stockOf(product)).toEqual([0, 0, 0])
    // The buyer adds one of the two again before the answer of the bank: the other one comes back.
    await db.sql`update variants set quantity = 1 where id = ${m}`
    await add(ann, product, m)
    await settle(checkout_id, 'declined')
    expect(await stockOf(product)).toEqual([4, 1, 3])
    const lines = await db.rows`
      select id, variant_id, stock_variant_id, quantity, reserved_until from cart_items where user_id = ${ann} order by variant_id`
    expect(lines).toMatchObject([
      { id: before[0], variant_id: s, stock_variant_id: s, quantity: 1, reserved_until },
      { variant_id: m, stock_variant_id: m, quantity: 1 },
    ])
  })

  test('a refund of a line restocks its variant, and a cancelled order all of them', async () => {
    const { seller, product, s, m } = await shirt(2, 3)
    const [ann] = await db.makeUsers(1)
    await add(ann, product, s)
    await add(ann, product, m, { quantity: 2 })
    const [{ checkout_id, order_id }] = await db.splitOrders(ann)
    await settle(checkout_id)
    const { items } = await orderOf(order_id)
    const lines = [{ line_id: items[1].line_id, quantity: 1 }]
    await db.sql`
      select * from refund_part(${order_id}, ${seller}, null, ${db.sql.json(lines)}, null, null, 'damaged', null)`
    expect(await stockOf(product)).toEqual([3, 1, 2])
    await archive(m)
    await db.sql`select * from cancel_order(${order_id}, ${seller})`
    // The unit of the archived variant is its own, and no longer for sale.
    expect(await stockOf(product)).toEqual([2, 2, 3])
    const trail = await trailOf(order_id)
    expect(trail?.replayed).toEqual(trail?.shown)
  })

  test('units return to the stock that the listing has then', async () => {
    const { seller, product, s } = await shirt(2, 3)
    const [ann] = await db.makeUsers(1)
    await add(ann, product, s)
    const [{ checkout_id, order_id }] = await db.splitOrders(ann)
    await settle(checkout_id)
    await db.sql`update variants set quantity = null where product_id = ${product}`
    await db.sql`update products set quantity = 7 where id = ${product}`
    await db.sql`select * from cancel_order(${order_id}, ${seller})`
    expect(await stockOf(product)).toEqual([8])
  })
})

describe('a change of what the lines of a listing take their stock from', () => {
  test('is refused by plain SQL, too, while a buyer holds the item', async () => {
    const [{ product, s }, shared] = [await shirt(1, 1), await painting()]
    const ann = await db.makeUser()
    await add(ann, product, s)
    await add(ann, shared.product, shared.plain)
    const held = (id: number) => ({ code: 'SWHLD', detail: { product_id: id } })
    expect(await refusalOf(db.sql`update variants set quantity = null where product_id = ${product}`)).toMatchObject(
      held(product),
    )
    const split = db.sql`update variants set quantity = 2 where product_id = ${shared.product}`
    expect(await refusalOf(split)).toMatchObject(held(shared.product))
    await db.sql`update variants set quantity = quantity + 1, price = 9 where product_id = ${product}`
    expect(await stockOf(product)).toEqual([4, 2, 2])
  })

  test('that the last variant makes by going ends the holds of its variants, and the erasure of the seller does not wait', async () => {
    const { seller, product, s, m } = await shirt(1, 1)
    const [ann, bob] = await db.makeUsers(2)
    await add(ann, product, s)
    await add(bob, product, m)
    await db.sql`update users set erased_at = now() where id = ${seller}`
    await db.sql`select erase_user(${seller})`
    const lines = db.rows`select stock_variant_id, reserved_until from cart_items where product_id = ${product}`
    expect(await lines).toEqual([
      { stock_variant_id: null, reserved_until: null },
      { stock_variant_id: null, reserved_until: null },
    ])
  })
})

describe('a variant that is gone', () => {
  test('makes its line unavailable and stops the checkout, and a new line takes its place', async () => {
    const { product, plain, framed } = await painting(1)
    const [ann] = await db.makeUsers(1)
    await add(ann, product, framed)
    await archive(framed)
    const [line] = await linesOf(ann)
    expect(line).toMatchObject({ available: false, available_quantity: 0, unavailable_reason: 'variant_gone' })
    expect(await refusalOf(db.splitOrders(ann))).toMatchObject({
      code: 'SWSTK',
      detail: { available: 0, errors: [{ code: 'variant_gone' }] },
    })
    expect(await refusalOf(add(ann, product, framed))).toMatchObject({ code: 'SWVUN' })
    const { line_id } = await add(ann, product, plain)
    await db.sql`select remove_cart_line(${ann}, ${(await lineIds(ann))[0] as number})`
    expect(await lineIds(ann)).toEqual([line_id])
    expect(await db.splitOrders(ann)).toHaveLength(1)
  })

  test('takes no stock from the lines beside it, in the cart and at the checkout', async () => {
    const { product, plain, framed } = await painting(2)
    const [ann, bob] = await db.makeUsers(2)
    await add(ann, product, framed, { quantity: 2 })
    await archive(framed)
    const { line_id } = await add(ann, product, plain, { quantity: 2 })
    expect(await linesOf(ann)).toMatchObject([
      { unavailable_reason: 'variant_gone', available_quantity: 0 },
      { unavailable_reason: null, available_quantity: 2 },
    ])
    expect((await cartOf(ann)).total).not.toBe('0.00')
    const gone = (await lineIds(ann)).filter((id) => id !== line_id)
    const refusal = await refusalOf(db.splitOrders(ann))
    expect((refusal.detail.errors as { line_id: number }[]).map((error) => error.line_id)).toEqual(gone)
    // The same for a line of the time before the listing had variants.
    const other = await db.makeProduct({ quantity: 2 })
    await db.putLine(bob, other, { quantity: 2 })
    const [small] = await db.makeVariants(other, [{ option_values: ['S'] }])
    await add(bob, other, small as number, { quantity: 2 })
    expect(await linesOf(bob)).toMatchObject([{ unavailable_reason: 'variant_gone' }, { unavailable_reason: null }])
  })

  test('is not archived, nor is its stock moved, while a buyer pays for it', async () => {
    const { seller, product, s } = await shirt(2, 1)
    const [ann] = await db.makeUsers(1)
    await add(ann, product, s)
    const [{ checkout_id }] = await db.splitOrders(ann)
    const archiving = () => db.sql`select archive_variant(${s}, ${seller})`
    const sharing = () => db.sql`select from update_product(${product}, ${seller}, '{"stock_by": "product"}')`
    for (const change of [archiving, sharing]) {
      const refusal = await refusalOf(change())
      expect(refusal).toMatchObject({ code: 'SWHLD', detail: { product_id: product } })
      expect(Date.parse(refusal.detail.reserved_until as string)).toBeGreaterThan(Date.now() + 14 * 60_000)
    }
    await settle(checkout_id, 'declined')
    expect(await stockOf(product)).toEqual([3, 2, 1])
    await archiving()
    expect((await stockOf(product))[0]).toBe(1)
  })

  test('a line without a variant is gone once the listing has variants', async () => {
    const product = await db.makeProduct({ quantity: 3 })
    const buyer = await db.makeBuyer(product)
    await db.makeVariants(product, [{ option_values: ['S'] }])
    expect(await linesOf(buyer)).toMatchObject([{ unavailable_reason: 'variant_gone' }])
    const change = db.sql`select * from change_cart_item(${buyer}, ${product}, 2)`
    expect(await refusalOf(change)).toMatchObject({ code: 'SWSTK' })
  })
})

test('reserve_item requires one of the variants, and refuses any other', async () => {
  const { product } = await painting()
  const other = await painting()
  const [ann] = await db.makeUsers(1)
  expect(await refusalOf(add(ann, product, null))).toMatchObject({ code: 'SWVRQ', detail: { product_id: product } })
  expect(await refusalOf(add(ann, product, other.plain))).toMatchObject({ code: 'SWVUN' })
  expect(await refusalOf(add(ann, await db.makeProduct(), other.plain))).toMatchObject({ code: 'SWVUN' })
  expect(await lineIds(ann)).toEqual([])
})

test('adding joins the line of the variant, and a lapse of one variant leaves the others', async () => {
  const { product, s, m } = await shirt(1, 1)
  const [ann] = await db.makeUsers(1)
  await add(ann, product, s)
  await add(ann, product, m)
  await db.lapseHolds(ann)
  await db.sql`select * from expire_reservations()`
  const lapsed = async () => {
    const { lapsed: lines } = (await db.json`select cart_json(${ann})`) as { lapsed: { option_values: string[] }[] }
    return lines.map(({ option_values }) => option_values.join()).sort()
  }
  expect(await lapsed()).toEqual(['M', 'S'])
  await add(ann, product, s)
  expect(await lapsed()).toEqual(['M'])
})

test('a raise of the price of a variant stops the checkout of its line only', async () => {
  const { product, s, m } = await shirt(3, 3)
  const [ann, bob] = await db.makeUsers(2)
  await add(ann, product, s)
  await add(bob, product, m)
  await db.sql`update variants set price = 15 where id = ${m}`
  expect(await db.splitOrders(ann)).toHaveLength(1)
  expect(await refusalOf(db.splitOrders(bob))).toMatchObject({
    code: 'SWPRC',
    detail: { total: '15.00', errors: [{ detail: '"Shirt" now costs $15.00 instead of $12.00.' }] },
  })
})

describe('personalization', () => {
  async function ring({ is_required = false, quantity = 5 } = {}) {
    const product = await db.makeProduct({ title: 'Ring', quantity })
    const personalization = { instructions: 'Initials', is_required, max_length: 5 }
    await db.sql`update products set personalization = ${db.sql.json(personalization)} where id = ${product}`
    return product
  }

  test('two texts are two lines, and the same text joins its line', async () => {
    const product = await ring({ quantity: 4 })
    const [ann] = await db.makeUsers(1)
    await add(ann, product, null, { text: 'A & B' })
    await add(ann, product, null, { text: 'C' })
    await add(ann, product, null, { text: 'A & B' })
    await add(ann, product, null)
    expect(await linesOf(ann)).toMatchObject([
      { personalization: 'A & B', quantity: 2 },
      { personalization: 'C', quantity: 1 },
      { personalization: null, quantity: 1 },
    ])
    expect(await refusalOf(add(ann, product, null, { text: 'D' }))).toMatchObject({ code: 'SWSTK' })
  })

  test.each([
    ['a text beyond its length', 'abcdef', 'SWINV'],
    ['a blank text', '  ', 'SWINV'],
  ])('refuses %s', async (_what, text, code) => {
    const refusal = await refusalOf(add(await db.makeUser(), await ring(), null, { text }))
    expect(refusal).toMatchObject({ code, detail: { field: 'personalization' } })
  })

  test('refuses a text for a listing that takes none, and a missing one that is required', async () => {
    const user = await db.makeUser()
    expect(await refusalOf(add(user, await db.makeProduct(), null, { text: 'A' }))).toMatchObject({ code: 'SWINV' })
    expect(await refusalOf(add(user, await ring({ is_required: true }), null))).toMatchObject({ code: 'SWPER' })
  })

  test.each([
    ['is required since', null, { instructions: 'Initials', is_required: true, max_length: 5 }, 'needs a personalization'],
    ['is shorter since', 'abcde', { instructions: 'Initials', is_required: false, max_length: 4 }, 'no longer takes'],
    ['is not taken any more', 'A', null, 'no longer takes'],
  ])('that %s it was added stops the checkout and names the line', async (_what, text, rule, message) => {
    const product = await ring()
    const [ann] = await db.makeUsers(1)
    const { line_id } = await add(ann, product, null, { text })
    expect(await linesOf(ann)).toMatchObject([{ available: true }])
    await db.sql`update products set personalization = ${rule && db.sql.json(rule)} where id = ${product}`
    const reason = 'personalization_required'
    expect(await linesOf(ann)).toMatchObject([{ available: false, available_quantity: 0, unavailable_reason: reason }])
    const error = { line_id, product_id: product, code: reason, pointer: '#/shops/0/items/0' }
    expect(await refusalOf(db.splitOrders(ann))).toMatchObject({
      code: 'SWPER',
      message: expect.stringContaining(message),
      detail: { product_id: product, errors: [error] },
    })
    const change = db.sql`select from change_cart_line(${ann}, ${line_id}, 2)`
    expect(await refusalOf(change)).toMatchObject({ code: 'SWPER' })
  })

  test('is in the order and in no event, and returns after a declined payment', async () => {
    const product = await ring()
    const [ann] = await db.makeUsers(1)
    await add(ann, product, null, { text: 'Zoë' })
    await add(ann, product, null)
    const [{ checkout_id, order_id }] = await db.splitOrders(ann)
    expect((await orderOf(order_id)).items).toMatchObject([{ personalization: 'Zoë' }, { personalization: null }])
    expect(await db.value`select count(*)::integer from order_events where detail::text like '%Zoë%'`).toBe(0)
    await settle(checkout_id, 'declined')
    expect(await linesOf(ann)).toMatchObject([{ personalization: 'Zoë' }, { personalization: null }])
    const trail = await trailOf(order_id)
    expect(trail?.replayed).toEqual(trail?.shown)
    expect(trail?.shown.items[0]).not.toHaveProperty('personalization')
  })
})
