import { expect, test } from 'bun:test'
import { payOut } from '../../test/support/ledger.ts'
import { personalColumns } from '../../test/support/privacy.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
const { sql } = db

/**
 * Tables whose rows are copies of what the export has, or say nothing that their listing or shop does not. The statements of a shop
 * have the rows of the ledger, month by month, because an answer could not hold those of a large shop.
 */
const NOT_EXPORTED = [
  ...['product_search', 'search_changes', 'search_shop_changes', 'changes', 'listing_counts', 'pgboss.job'],
  ...['ledger_entries', 'ledger_transactions', 'transfers', 'payout_items', 'order_commissions', 'order_holds'],
]
/** Secrets, their hashes, and copies of responses. */
const SECRET = /\.(password|secret|code_hash|token_hash|address_hash|fingerprint|next_action|body|refusal)$/

test('the export has each column of the data of people, except secrets', async () => {
  const { buyer_id, seller_id, order_id, shop_id } = await db.makeSale()
  await sql`select * from ship_order(${order_id}, ${seller_id}, 'UPS', '1Z')`
  await sql`select * from review_order(${order_id}, ${buyer_id}, 5, 'Fine')`
  await sql`select * from reply_to_review((select id from reviews where order_id = ${order_id}), ${seller_id}, 'Thanks')`
  await sql`
    insert into payout_accounts (shop_id, provider, country, holder_name, iban)
    values (${shop_id}, 'manual', 'DE', 'Sam Seller', 'DE89370400440532013000')`
  const payout_id = await payOut(sql, shop_id)
  const [bought, sold] = [
    await db.json`select body from export_user(${buyer_id})`,
    await db.json`select body from export_user(${seller_id})`,
  ]
  const tables = new Set(personalColumns.map(({ column }) => column.replace(/^public\./, '').replace(/\.\w+$/, '')))
  expect([...tables].filter((table) => !NOT_EXPORTED.includes(table) && !(table in bought))).toEqual([])
  const missing = personalColumns.filter(({ column }) => {
    const [, table = '', name = ''] = column.split('.')
    const row = bought[table]?.[0] ?? sold[table]?.[0]
    return row && !(name in row) && !SECRET.test(column)
  })
  expect(missing.map(({ column }) => column)).toEqual([])
  expect(JSON.stringify([bought, sold])).not.toMatch(/"(password|secret|\w+_hash|fingerprint)":/)
  expect(bought).toMatchObject({
    users: [{ id: buyer_id }],
    orders: [{ id: order_id }],
    reviews: [{ comment: 'Fine' }],
    shops: [],
  })
  expect(sold).toMatchObject({
    shop_balances: [{ shop_id, pending: 0, available: 0, in_transit: 0 }],
    payouts: [{ id: payout_id, amount: 23, status: 'paid' }],
    payout_accounts: [{ shop_id, iban: 'DE89370400440532013000' }],
  })
  expect(sold).toMatchObject({ shops: [{ id: shop_id }], orders: [], checkouts: [], replies: [{ reply: 'Thanks' }] })
})
