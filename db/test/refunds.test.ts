import { describe, expect, test } from 'bun:test'
import type { Sale } from '../../test/support/factory.ts'
import { outcomeOf, refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

type Asked = {
  amount?: string
  items?: { line_id: number; quantity: number }[]
  shipping?: string
  restock?: boolean
  note?: string
}
type Refund = { id: number; amount: string; restocked: number; items: unknown[] }

/** A sale has two units at 10.00 and 3.00 of postage; 3 units of 5 are left in stock. */
const lineOf = ({ order_id }: Sale) => db.value<number>`select id from order_items where order_id = ${order_id}`

async function refund(sale: Sale, asked: Asked = {}): Promise<Refund> {
  const { amount = null, items = null, shipping = null, restock = null, note = null } = asked
  const [row] = await db.sql<{ body: string }[]>`
    select body from refund_part(
      ${sale.order_id}, ${sale.seller_id}, ${amount}, ${items && db.sql.json(items)}, ${shipping}, ${restock}, 'damaged', ${note}
    )`
  return JSON.parse(row?.body as string)
}

const refundUnits = async (sale: Sale, quantity: number, restock?: boolean) =>
  refund(sale, { items: [{ line_id: await lineOf(sale), quantity }], ...(restock === undefined ? {} : { restock }) })
const ship = async (sale: Sale, quantity: number) => db.sql`
  select from ship_lines(
    ${sale.order_id}, ${sale.seller_id}, 'UPS', '1Z', ${db.sql.json([{ line_id: await lineOf(sale), quantity }])}
  )`
const settle = (id: number, outcome: string, reference: string | null = 're_1') =>
  db.rows`select order_status from settle_refund(${id}, ${outcome}, ${reference}, ${outcome === 'failed' ? 'lost' : null})`
const dispute = (sale: Sale, amount: string, status: string) => db.sql`
  insert into disputes (payment_id, provider_reference, amount, status)
  select p.id, ${crypto.randomUUID()}, ${amount}, ${status} from payments p where p.checkout_id = ${sale.checkout_id}`

/** Returns the order with its money and stock, and checks that its events alone rebuild it. */
async function stateOf({ order_id, product_id, checkout_id }: Sale) {
  const [state] = await db.rows`
    select o.status, o.refunded, p.refunded as given_back, p.status as payment, pr.quantity as stock, s.sales_count as sales,
      replay_order(o.id) = order_facts(o) as is_rebuilt
    from orders o join payments p on p.checkout_id = ${checkout_id} join shops s on s.id = o.shop_id, products pr
    where o.id = ${order_id} and pr.id = ${product_id}`
  return state
}

describe('a refund', () => {
  test('of an amount gives money back, and no stock; then the rest', async () => {
    const sale = await db.makeSale()
    expect<unknown>(await refund(sale, { amount: '5.00', note: 'One cup was chipped.' })).toEqual({
      id: expect.any(Number),
      order_id: sale.order_id,
      amount: '5.00',
      status: 'pending',
      reason: 'damaged',
      note: 'One cup was chipped.',
      items: [],
      restocked: 0,
      created_at: expect.any(String),
    })
    const part = { refunded: '5.00', given_back: '5.00', payment: 'paid', stock: 3, sales: 2, is_rebuilt: true }
    expect(await stateOf(sale)).toEqual({ status: 'paid', ...part })
    expect(await refund(sale)).toMatchObject({ amount: '18.00', items: [{ quantity: 2 }], restocked: 2 })
    const all = { refunded: '23.00', given_back: '23.00', payment: 'refunded', stock: 5, sales: 0, is_rebuilt: true }
    expect(await stateOf(sale)).toEqual({ status: 'refunded', ...all })
    expect((await refusalOf(refund(sale, { amount: '0.01' }))).code).toBe('SWSTA')
  })

  test('of lines costs what they cost; units in no parcel return to the stock', async () => {
    const sale = await db.makeSale()
    expect(await refundUnits(sale, 1)).toMatchObject({ amount: '10.00', restocked: 1 })
    expect(await stateOf(sale)).toMatchObject({ status: 'paid', refunded: '10.00', stock: 4, sales: 1, is_rebuilt: true })
  })

  test.each([
    [undefined, 1],
    [true, 2],
    [false, 0],
  ] as const)('of a unit in a parcel and one in none, with restock %p, returns %d', async (restock, restocked) => {
    const sale = await db.makeSale()
    await ship(sale, 1)
    expect(await refundUnits(sale, 2, restock)).toMatchObject({ amount: '20.00', restocked })
    expect(await stateOf(sale)).toMatchObject({ status: 'shipped', stock: 3 + restocked, is_rebuilt: true })
  })

  test('of a delivered order returns no unit by itself', async () => {
    const sale = await db.makeSale()
    await db.sql`select ship_order(${sale.order_id}, ${sale.seller_id}, 'UPS', '1Z')`
    await db.sql`select receive_order(${sale.order_id}, ${sale.buyer_id})`
    expect(await refund(sale)).toMatchObject({ amount: '23.00', restocked: 0 })
    expect(await stateOf(sale)).toMatchObject({ status: 'refunded', stock: 3, sales: 2 })
  })

  test('of postage is bounded by the postage', async () => {
    const sale = await db.makeSale()
    expect(await refund(sale, { shipping: '2.50' })).toMatchObject({ amount: '2.50', items: [] })
    expect(await refusalOf(refund(sale, { shipping: '0.51' }))).toMatchObject({
      code: 'SWRFX',
      message: 'Only $0.50 of the postage can still be refunded.',
      detail: { refundable: '20.50' },
    })
    expect(await refund(sale, { items: [{ line_id: await lineOf(sale), quantity: 1 }], shipping: '0.50' })).toMatchObject({
      amount: '10.50',
    })
  })

  test('of more than is left is refused with what is left, and nothing changes', async () => {
    const sale = await db.makeSale()
    await refund(sale, { amount: '20.00' })
    const before = await db.snapshot()
    const refusal = { code: 'SWRFX', detail: { refundable: '3.00' } }
    expect(await refusalOf(refund(sale, { amount: '3.01' }))).toMatchObject(refusal)
    expect(await refusalOf(refundUnits(sale, 1))).toMatchObject(refusal)
    const line_id = await lineOf(sale)
    const message = `At most 2 of line ${line_id} can still be refunded.`
    expect(await refusalOf(refundUnits(sale, 3))).toMatchObject({
      code: 'SWRFX',
      message,
      detail: { refundable: '3.00', errors: [{ pointer: '#/items/0', detail: message, line_id }] },
    })
    expect(await db.snapshot()).toEqual(before)
  })

  test('with input that contradicts itself is refused with the name of the field', async () => {
    const sale = await db.makeSale()
    const line_id = await lineOf(sale)
    const other = await lineOf(await db.makeSale())
    const refusals = [
      [{ amount: '1.00', shipping: '1.00' }, 'shipping'],
      [{ amount: '1.00', items: [{ line_id, quantity: 1 }] }, 'items'],
      [{ amount: '1.00', restock: true }, 'restock'],
      [{ shipping: '0.00' }, 'shipping'],
      [{ shipping: '1.00', restock: true }, 'restock'],
      [{ items: [{ line_id: other, quantity: 1 }] }, 'items'],
      [
        {
          items: [
            { line_id, quantity: 1 },
            { line_id, quantity: 1 },
          ],
        },
        'items',
      ],
    ] satisfies [Asked, string][]
    for (const [asked, field] of refusals)
      expect(await refusalOf(refund(sale, asked))).toMatchObject({ code: 'SWINV', detail: { field } })
  })

  test.each(['pending', 'cancelled'])('of an order that was never paid (%s) is refused', async (status) => {
    const sale = await db.makeSale({ outcome: null })
    if (status === 'cancelled') await db.settleCheckout(sale.checkout_id, 'declined')
    expect(await refusalOf(refund(sale, { amount: '1.00' }))).toMatchObject({ code: 'SWSTA', detail: { order_status: status } })
  })

  test('of the rest makes an order shipped of which a parcel has left', async () => {
    const sale = await db.makeSale()
    await ship(sale, 1)
    expect((await refusalOf(db.sql`select cancel_order(${sale.order_id}, ${sale.seller_id})`)).message).toBe(
      'A shipment of this order has left. It cannot become cancelled.',
    )
    await refundUnits(sale, 1)
    expect(await stateOf(sale)).toMatchObject({ status: 'shipped', stock: 4, is_rebuilt: true })
  })

  test('before a cancellation is not given back twice', async () => {
    const sale = await db.makeSale()
    await refundUnits(sale, 1, false)
    await db.sql`select cancel_order(${sale.order_id}, ${sale.buyer_id})`
    expect(await stateOf(sale)).toMatchObject({ status: 'cancelled', refunded: '23.00', stock: 4, is_rebuilt: true })
  })
})

describe('settle_refund', () => {
  test.each([
    [['sent', 'refunded'], 'refunded'],
    [['refunded', 'sent'], 'refunded'],
    [['refunded', 'failed'], 'failed'],
    [['failed', 'refunded'], 'failed'],
    [['sent', 'failed', 'sent'], 'failed'],
  ])('%p ends as %s', async (outcomes, status) => {
    const sale = await db.makeSale()
    const { id } = await refund(sale, { amount: '5.00' })
    for (const outcome of outcomes) await settle(id, outcome)
    expect(await db.rows`select status, provider_reference from refunds where id = ${id}`).toEqual([
      { status, provider_reference: 're_1' },
    ])
    expect(await stateOf(sale)).toMatchObject({ refunded: status === 'failed' ? '0.00' : '5.00', is_rebuilt: true })
  })

  test('a refund that fails is owed again, and its units are not returned twice', async () => {
    const sale = await db.makeSale()
    await ship(sale, 2)
    const { id } = await refund(sale, { restock: true })
    expect(await stateOf(sale)).toMatchObject({ status: 'refunded', stock: 5 })
    await settle(id, 'sent')
    expect(await settle(id, 'failed')).toEqual([{ order_status: 'shipped' }])
    const back = { refunded: '0.00', given_back: '0.00', payment: 'paid', stock: 5, is_rebuilt: true }
    expect(await stateOf(sale)).toMatchObject({ status: 'shipped', ...back })
    expect(await db.mailsAbout('refund_failed', id)).toEqual([`refund_failed ${sale.seller_id}`])
    expect(await refund(sale, { restock: true })).toMatchObject({ amount: '23.00', restocked: 0 })
    expect(await stateOf(sale)).toMatchObject({ status: 'refunded', stock: 5, is_rebuilt: true })
  })

  test('a refund that fails again and again returns its unit once, and the rest can be sent', async () => {
    const sale = await db.makeSale()
    for (const restocked of [1, 0, 0]) {
      const part = await refundUnits(sale, 1)
      expect(part.restocked).toBe(restocked)
      await settle(part.id, 'failed', `re_${part.id}`)
    }
    expect(await refundUnits(sale, 1)).toMatchObject({ amount: '10.00', restocked: 0 })
    expect(await stateOf(sale)).toMatchObject({ status: 'paid', refunded: '10.00', stock: 4, is_rebuilt: true })
    await ship(sale, 1)
    expect(await stateOf(sale)).toMatchObject({ status: 'shipped', stock: 4 })
  })

  test('a refund that fails leaves no order that nothing can move', async () => {
    const sale = await db.makeSale()
    await ship(sale, 1)
    const { id } = await refund(sale)
    await settle(id, 'failed')
    expect(await stateOf(sale)).toMatchObject({ status: 'shipped', stock: 4, is_rebuilt: true })
    const other = await db.makeSale()
    await ship(other, 1)
    const unsent = await refundUnits(other, 1, false)
    expect(await stateOf(other)).toMatchObject({ status: 'shipped' })
    await settle(unsent.id, 'failed')
    await ship(other, 1)
    expect(await stateOf(other)).toMatchObject({ status: 'shipped', is_rebuilt: true })
    expect((await refusalOf(ship(other, 1))).code).toBe('SWSTA')
  })

  test('the refund of a cancelled order that fails can be made again', async () => {
    const sale = await db.makeSale()
    await db.sql`select cancel_order(${sale.order_id}, ${sale.buyer_id})`
    const id = await db.value<number>`select id from refunds where order_id = ${sale.order_id}`
    await settle(id, 'failed')
    expect(await stateOf(sale)).toMatchObject({ status: 'cancelled', refunded: '0.00', stock: 5, is_rebuilt: true })
    await refund(sale)
    expect(await stateOf(sale)).toMatchObject({ status: 'cancelled', refunded: '23.00', stock: 5, is_rebuilt: true })
  })
})

describe('a dispute', () => {
  test('that is open or lost blocks what the bank may give back, and one that is won does not', async () => {
    const sale = await db.makeSale()
    await dispute(sale, '23.00', 'won')
    await refund(sale, { amount: '1.00' })
    await dispute(sale, '20.00', 'lost')
    expect(await refusalOf(refund(sale, { amount: '2.01' }))).toMatchObject({ code: 'SWDSP' })
    await refund(sale, { amount: '2.00' })
    await dispute(sale, '1.00', 'open')
    expect(await refusalOf(refund(sale, { amount: '0.01' }))).toMatchObject({ code: 'SWDSP' })
    expect(await refusalOf(db.sql`select cancel_order(${sale.order_id}, ${sale.buyer_id})`)).toMatchObject({ code: 'SWDSP' })
  })
})

test('after a lost dispute, refunds of two orders at once give back at most what is left of the payment', async () => {
  const [buyer, seller] = await db.makeUsers(2)
  for (const price of ['10.00', '10.00'])
    await db.putLine(buyer, await db.makeProduct({ shop_id: await db.makeShop({ owner_id: seller }), price }))
  const orders = await db.splitOrders(buyer)
  await db.settleCheckout(orders[0].checkout_id, 'paid')
  await dispute({ checkout_id: orders[0].checkout_id } as Sale, '10.00', 'lost')
  const refundOf = (order_id: number) =>
    outcomeOf(db.sql`
    select from refund_part(${order_id}, ${seller}, 10.00, null, null, null, 'other', null)`)
  const outcomes = await Promise.all(orders.map(({ order_id }) => refundOf(order_id)))
  expect(outcomes.sort()).toEqual(['SWDSP', 'done'])
})

describe('the database refuses', () => {
  const refusedAtCommit = async (statement: string) => {
    const sale = await db.makeSale()
    await ship(sale, 2)
    const { id } = await refundUnits(sale, 1, true)
    const line_id = await lineOf(sale)
    const filled = statement.replace(/\$(\w+)/g, (_, name) => String({ ...sale, id, line_id }[name as 'id']))
    const before = await db.snapshot()
    expect(await refusalOf(db.sql.unsafe(filled))).toMatchObject({ code: 'SWSUM' })
    expect(await db.snapshot()).toEqual(before)
  }

  test.each([
    ['a sum on an order that its refunds are not', 'update orders set refunded = 10.01 where id = $order_id'],
    ['a sum on a payment that its refunds are not', 'update payments set refunded = 10.01 where checkout_id = $checkout_id'],
    [
      'a refund of the payment of another order',
      `with other as (select id from payments where checkout_id <> $checkout_id and refunded = 0 limit 1),
       r as (insert into refunds (payment_id, order_id, amount) select id, $order_id, 1 from other),
       o as (update orders set refunded = refunded + 1 where id = $order_id)
       update payments p set refunded = p.refunded + 1 from other where p.id = other.id`,
    ],
    [
      'a refund that no sum has',
      'insert into refunds (payment_id, order_id, amount) select payment_id, order_id, 1 from refunds where id = $id',
    ],
    [
      'more units refunded than bought',
      `with r as (insert into refunds (payment_id, order_id, amount) select payment_id, order_id, 0 from refunds where id = $id returning id)
       insert into refund_items (refund_id, order_id, line_id, quantity) select id, $order_id, $line_id, 2 from r`,
    ],
    [
      'more units restocked than bought',
      `with r as (insert into refunds (payment_id, order_id, amount, status) select payment_id, order_id, 0, 'failed' from refunds where id = $id returning id)
       insert into refund_items (refund_id, order_id, line_id, quantity, restocked) select id, $order_id, $line_id, 2, 2 from r`,
    ],
    [
      'units of a line that the order does not have',
      'insert into refund_items (refund_id, order_id, line_id, quantity) values ($id, $order_id, 999999, 1)',
    ],
    [
      'more units shipped than bought',
      `with s as (insert into shipments (order_id, carrier, tracking_number) values ($order_id, 'x', '1') returning id)
       insert into shipment_items (shipment_id, order_id, line_id, quantity) select id, $order_id, $line_id, 1 from s`,
    ],
  ])('%s', (_, statement) => refusedAtCommit(statement))
})
