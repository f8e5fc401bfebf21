import { describe, expect, test } from 'bun:test'
import type { Balance, LedgerEntry, Payout } from '../../../client/openapi.ts'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import { releaseEarnings } from '../../../test/support/ledger.ts'
import type { Page, Shop } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  buy,
  listItem,
  makeSeller,
  readAllPages,
  type Shopper,
  shipOrder,
  signUp,
  tryRefund,
} from '../../../test/support/shopper.ts'
import type { Pool } from '../../platform/db/client.ts'
import { Statement } from '../ledger/schemas.ts'

const { api, ...server } = await startServer()
const sql = server.sql as Pool

const MONTH = new Date().toISOString().slice(0, 7)
const TODAY = new Date().toISOString().slice(0, 10)
const HEAD = 'id,created_at,kind,order_id,payout_id,balance,amount,sum_pending,sum_available,sum_in_transit'

type Store = { seller: Shopper; shop: Shop }

const read = async <T>({ seller, shop }: Store, path: string): Promise<T> =>
  expectStatus(await seller.call<T>('GET', `/v1/shops/${shop.id}/${path}`), 200)
const readAll = <T>({ seller, shop }: Store, path: string) =>
  readAllPages<T>((page) => seller.call<Page<T>>('GET', page), `/v1/shops/${shop.id}/${path}`)
const readLedger = async (store: Store, filter = '') => (await read<Page<LedgerEntry>>(store, `ledger?limit=100${filter}`)).items
const readStatement = async ({ seller, shop }: Store, month = MONTH) => {
  const headers = { Authorization: `Bearer ${seller.token}` }
  const response = await fetch(`${server.url}/v1/shops/${shop.id}/statement?month=${month}`, { headers })
  expect(response.status).toBe(200)
  const text = await response.text()
  expect(text).toMatch(new RegExp(Statement.pattern as string))
  return { headers: response.headers, lines: text.split('\r\n') }
}

/** A shop that sold an item at 10.00. */
async function sell(store?: Store) {
  const { seller, shop } = store ?? (await makeSeller())
  const product = await listItem(seller, shop)
  return { seller, shop, order: await buy(await signUp('Bo'), product) }
}

/** Releases the earnings of a shipped order. */
async function release(order: { id: number; shop_id: number }) {
  await sql.begin(async (tx) => {
    await tx`insert into settings (name, value) values ('PAYOUT_HOLD_DAYS', '0') on conflict (name) do update set value = '0'`
    await releaseEarnings(tx, order.shop_id)
    await tx`delete from settings where name = 'PAYOUT_HOLD_DAYS'`
  })
  expect(await sql`select from orders where id = ${order.id} and released_at is not null`).toHaveLength(1)
}

/** Pays out what a shop has, as an operator does. */
async function payOut({ shop }: Store, outcome: string): Promise<number> {
  await sql`select adjust_balance(${shop.id}, 20, 'a gift, to reach the minimum')`
  const [payout] = await sql<{ id: number }[]>`select id from plan_payout(${shop.id})`
  const id = payout?.id as number
  await sql`select settle_payout(${id}, ${outcome}, ${`po_${id}`})`
  return id
}

describe('GET /v1/shops/{id}/balance', () => {
  test('is 0 for a shop without sales', async () => {
    const store = await makeSeller()
    expect(await read<Balance>(store, 'balance')).toEqual({
      pending: '0.00',
      available: '0.00',
      in_transit: '0.00',
      currency: 'USD',
    })
  })

  test('follows a sale, its release, its payout and a refund', async () => {
    const store = await sell()
    const balance = () => read<Balance>(store, 'balance')
    expect(await balance()).toMatchObject({ pending: '10.00', available: '0.00', in_transit: '0.00' })
    await shipOrder(store.seller, store.order)
    await release(store.order)
    expect(await balance()).toMatchObject({ pending: '0.00', available: '10.00', in_transit: '0.00' })
    const payout_id = await payOut(store, 'sent')
    expect(await balance()).toMatchObject({ available: '0.00', in_transit: '30.00' })
    expectStatus(await tryRefund(store.seller, store.order, { amount: '4.00' }), 201)
    expect(await balance()).toMatchObject({ pending: '0.00', available: '-4.00', in_transit: '30.00' })
    await sql`select settle_payout(${payout_id}, 'paid')`
    expect(await balance()).toMatchObject({ available: '-4.00', in_transit: '0.00' })
  })
})

describe('GET /v1/shops/{id}/ledger', () => {
  test('has an entry for each change of a balance, newest first, and they add up to it', async () => {
    const store = await sell()
    await shipOrder(store.seller, store.order)
    await release(store.order)
    await payOut(store, 'paid')
    const entries = await readLedger(store)
    const order_id = store.order.id
    expect(entries.map(({ kind, balance_kind, amount, order_id }) => ({ kind, balance_kind, amount, order_id }))).toEqual([
      { kind: 'payout_paid', balance_kind: 'in_transit', amount: '-30.00', order_id: null },
      { kind: 'payout', balance_kind: 'in_transit', amount: '30.00', order_id: null },
      { kind: 'payout', balance_kind: 'available', amount: '-30.00', order_id: null },
      { kind: 'adjustment', balance_kind: 'available', amount: '20.00', order_id: null },
      { kind: 'release', balance_kind: 'available', amount: '10.00', order_id },
      { kind: 'release', balance_kind: 'pending', amount: '-10.00', order_id },
      { kind: 'sale', balance_kind: 'pending', amount: '10.00', order_id },
    ])
    expect(new Set(entries.map(({ id }) => id)).size).toBe(entries.length)
    expect(entries.every(({ id }) => Number.isSafeInteger(id))).toBe(true)
    const stored = await sql<{ id: number }[]>`
      select (transaction_id - 200000000000000) * 1000 + line_no as id from ledger_entries where shop_id = ${store.shop.id}`
    expect(entries.map(({ id }) => id).sort()).toEqual(stored.map(({ id }) => id).sort())
  })

  test('pages without a gap or a repetition while sales go on', async () => {
    const store = await sell()
    for (let n = 0; n < 3; n++) await sql`select adjust_balance(${store.shop.id}, 1, 'one of three at once')`
    const whole = await readLedger(store)
    const first = await read<Page<LedgerEntry>>(store, 'ledger?limit=2')
    await sell(store)
    const rest = await readAll<LedgerEntry>(store, `ledger?limit=2&cursor=${first.next_cursor}`)
    expect([...first.items, ...rest]).toEqual(whole)
  })

  test('from and to are days, both inclusive', async () => {
    const store = await sell()
    expect(await readLedger(store, `&from=${TODAY}&to=${TODAY}`)).toHaveLength(1)
    expect(await readLedger(store, '&from=2999-01-01')).toEqual([])
    expect(await readLedger(store, '&to=2020-01-01')).toEqual([])
    const problem = expectProblem(
      await store.seller.call('GET', `/v1/shops/${store.shop.id}/ledger?from=2026-02-30`),
      422,
      'invalid_input',
    )
    expect(fieldsOf(problem)).toEqual(['#/from'])
  })

  test('is empty for a shop without sales', async () => {
    expect(await readLedger(await makeSeller())).toEqual([])
  })
})

describe('GET /v1/shops/{id}/payouts', () => {
  test('lists payouts newest first, page by page, and each can be read', async () => {
    const store = await makeSeller()
    const ids: number[] = []
    for (let n = 0; n < 3; n++) {
      await sql`select adjust_balance(${store.shop.id}, 10, 'a gift')`
      ids.unshift(await payOut(store, 'paid'))
    }
    const payouts = await readAll<Payout>(store, 'payouts?limit=2')
    expect(payouts.map(({ id }) => id)).toEqual(ids)
    const [newest] = payouts as [Payout]
    expect(newest).toEqual({
      id: ids[0] as number,
      shop_id: store.shop.id,
      amount: '30.00',
      currency: 'USD',
      status: 'paid',
      created_at: expect.any(String),
      paid_at: expect.any(String),
    })
    expect(await read<Payout>(store, `payouts/${newest.id}`)).toEqual(newest)
  })

  test('of another shop are absent', async () => {
    const [store, other] = [await makeSeller(), await makeSeller()]
    await sql`select adjust_balance(${other.shop.id}, 10, 'a gift')`
    const payout_id = await payOut(other, 'returned')
    expectProblem(await store.seller.call('GET', `/v1/shops/${store.shop.id}/payouts/${payout_id}`), 404, 'not_found')
    expectProblem(await store.seller.call('GET', `/v1/shops/${other.shop.id}/payouts/${payout_id}`), 403, 'not_owner')
    expect(await read<Page<Payout>>(store, 'payouts')).toEqual({ items: [], next_cursor: null })
    expect(await read<Payout>(other, `payouts/${payout_id}`)).toMatchObject({ status: 'returned' })
  })
})

describe('GET /v1/shops/{id}/statement', () => {
  test('has the entries of the month with running sums, as a file that no program takes for formulas', async () => {
    const store = await sell()
    await shipOrder(store.seller, store.order)
    await release(store.order)
    const payout_id = await payOut(store, 'sent')
    await sql`select adjust_balance(${store.shop.id}, -5, '=cmd|calc')`
    const { headers, lines } = await readStatement(store)
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8; header=present')
    expect(headers.get('content-disposition')).toBe(`attachment; filename="statement-${store.shop.id}-${MONTH}.csv"`)
    expect(headers.get('cache-control')).toBe('no-store')
    const cells = lines.map((line) => line.split(','))
    expect(lines[0]).toBe(HEAD)
    expect(lines.at(-1)).toBe('')
    const order_id = String(store.order.id)
    expect(cells.slice(1, -1).map(([, , ...rest]) => rest)).toEqual([
      ['sale', order_id, '', 'pending', '10.00', '10.00', '0.00', '0.00'],
      ['release', order_id, '', 'pending', '-10.00', '0.00', '0.00', '0.00'],
      ['release', order_id, '', 'available', '10.00', '0.00', '10.00', '0.00'],
      ['adjustment', '', '', 'available', '20.00', '0.00', '30.00', '0.00'],
      ['payout', '', String(payout_id), 'available', '-30.00', '0.00', '0.00', '0.00'],
      ['payout', '', String(payout_id), 'in_transit', '30.00', '0.00', '0.00', '30.00'],
      ['adjustment', '', '', 'available', '-5.00', '0.00', '-5.00', '30.00'],
    ])
    for (const cell of cells.slice(1, -1).flat()) expect(cell).toMatch(/^([a-z0-9][\w:.-]*|-\d+\.\d\d|)$/i)
  })

  test('of a month without entries is its first line', async () => {
    const store = await sell()
    expect((await readStatement(store, '2020-02')).lines).toEqual([HEAD, ''])
  })

  test('needs a month', async () => {
    const { seller, shop } = await makeSeller()
    for (const query of ['', '?month=2026-13', '?month=2026-1', '?month=november']) {
      const problem = expectProblem(await seller.call('GET', `/v1/shops/${shop.id}/statement${query}`), 422, 'invalid_input')
      expect(fieldsOf(problem)).toEqual(['#/month'])
    }
  })
})

describe('the money of a shop', () => {
  const paths = ['balance', 'ledger', 'payouts', 'payouts/202611000000001', `statement?month=${MONTH}`]

  test.each(paths)('%s is for its owner', async (path) => {
    const { shop } = await makeSeller()
    const stranger = await signUp()
    expectProblem(await api('GET', `/v1/shops/${shop.id}/${path}`), 401, 'unauthorized')
    expectProblem(await stranger.call('GET', `/v1/shops/${shop.id}/${path}`), 403, 'not_owner')
    expectProblem(await stranger.call('GET', `/v1/shops/${Number.MAX_SAFE_INTEGER}/${path}`), 404, 'not_found')
  })
})
