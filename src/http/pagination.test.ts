import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../test/support/api.ts'
import type { Page, Product } from '../../test/support/responses.ts'
import { startServer } from '../../test/support/server.ts'
import { listItem, makeSeller, type Shopper } from '../../test/support/shopper.ts'

const { api } = await startServer()

const read = (path: string) => api<Page<Product>>('GET', path)

async function stallOf(count: number) {
  const { seller, shop } = await makeSeller()
  for (let i = 0; i < count; i++) await listItem(seller as Shopper, shop)
  return `/v1/shops/${shop.id}/products`
}

describe('pages', () => {
  test('have 24 items by default, 1 to 100', async () => {
    const list = await stallOf(26)
    expect(expectStatus(await read(list), 200).items).toHaveLength(24)
    expect(expectStatus(await read(`${list}?limit=1`), 200).items).toHaveLength(1)
    expect(expectStatus(await read(`${list}?limit=100`), 200).items).toHaveLength(26)
    for (const limit of ['0', '101', '-1', '1.5', '1e1', 'x', '99999999999999999999', '%00']) {
      expect(fieldsOf(expectProblem(await read(`${list}?limit=${limit}`), 422, 'invalid_input'))).toEqual(['#/limit'])
    }
  }, 20_000)

  test('link to the next one with all parameters of the caller', async () => {
    const list = await stallOf(3)
    const first = await read(`${list}?limit=2`)
    const { next_cursor } = expectStatus(first, 200)
    const path = /^<([^>]+)>; rel="next"$/.exec(first.headers.get('link') ?? '')?.[1] ?? ''
    const url = new URL(path, 'http://localhost')
    expect(url.pathname).toBe(list)
    expect(Object.fromEntries(url.searchParams)).toEqual({ limit: '2', cursor: next_cursor as string })
    const last = await read(path)
    expect(expectStatus(last, 200)).toMatchObject({ items: [{}], next_cursor: null })
    expect(last.headers.has('link')).toBe(false)
  })

  test('a new item moves no item to another page', async () => {
    const { seller, shop } = await makeSeller()
    const old = [await listItem(seller, shop), await listItem(seller, shop), await listItem(seller, shop)].map(
      (product) => product.id,
    )
    const list = `/v1/shops/${shop.id}/products?limit=2`
    const first = expectStatus(await read(list), 200)
    await listItem(seller, shop)
    const second = expectStatus(await read(`${list}&cursor=${first.next_cursor}`), 200)
    expect([...first.items, ...second.items].map((product) => product.id)).toEqual(old.reverse())
  })
})

describe('a cursor', () => {
  test('works with any page size', async () => {
    const list = await stallOf(4)
    const { next_cursor } = expectStatus(await read(`${list}?limit=1`), 200)
    expect(expectStatus(await read(`${list}?limit=3&cursor=${next_cursor}`), 200).items).toHaveLength(3)
  })

  test('is rejected if it was forged, or belongs to another list', async () => {
    const [list, other] = [await stallOf(2), await stallOf(2)]
    const cursor = expectStatus(await read(`${list}?limit=1`), 200).next_cursor as string
    const [payload = '', signature = ''] = cursor.split('.')
    const forged = Buffer.from(JSON.stringify(['2000-01-01', 1])).toString('base64url')
    const wrong = [
      `${forged}.${signature}`,
      `${payload}.${signature.slice(0, -1)}${signature.endsWith('A') ? 'B' : 'A'}`,
      `${payload}.`,
      payload,
      `.${signature}`,
      '.',
      'x',
      `${cursor}x`,
      '%00',
      '%F0%9F%A7%B5',
      `${payload}.${'%C3%A9'.repeat(signature.length)}`,
      'x'.repeat(500),
      // {"a":1}, null and broken JSON, unsigned.
      'eyJhIjoxfQ',
      'bnVsbA',
      'ew',
    ]
    for (const one of wrong) {
      const problem = expectProblem(await read(`${list}?limit=1&cursor=${one}`), 422, 'invalid_input')
      expect(fieldsOf(problem)).toEqual(['#/cursor'])
    }
    expectProblem(await read(`${other}?limit=1&cursor=${cursor}`), 422, 'invalid_input')
    expectStatus(await read(`${list}?limit=1&cursor=${cursor}`), 200)
  })
})
