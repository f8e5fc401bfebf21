import { beforeAll, describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import type { Category, Page, Product, SearchResult } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import {
  addShippingProfile,
  addToCart,
  checkOut,
  eventually,
  inventWord,
  listCategories,
  listItem,
  makeSeller,
  readAllPages,
  setStock,
  signUp,
} from '../../../test/support/shopper.ts'

const { api } = await startServer()

/** The longest time in which the index must follow a write. */
const FOLLOWS_MS = 10_000

const search = (query: Record<string, string | number | boolean>) =>
  api<SearchResult>(
    'GET',
    `/v1/search?${new URLSearchParams(Object.entries(query).map(([name, value]) => [name, String(value)]))}`,
  )
const find = async (query: Record<string, string | number | boolean>) => expectStatus(await search(query), 200)
const idsOf = (page: Page<Product>) => page.items.map((product) => product.id)

// These listings share a word that no other listing has, so a search for it finds exactly these.
const word = inventWord()
const stock: Product[] = []
let leaf: Category
let parent: Category

beforeAll(async () => {
  const { seller, shop } = await makeSeller()
  const tree = await listCategories()
  parent = tree.find((category) => category.children.length > 0) as Category
  leaf = parent.children[0] as Category
  const other = tree.find((category) => category.id !== parent.id) as Category
  const prices = ['5.00', '24.99', '25.00', '49.99', '50.00', '99.99', '100.00', '250.00', '5.00', '60.00', '60.00']
  for (const [i, price] of prices.entries()) {
    const category_id = i % 3 === 0 ? leaf.id : i % 3 === 1 ? parent.id : other.id
    stock.push(
      await listItem(seller, shop, {
        title: `A ${word} thing no ${i}`,
        price,
        category_id,
        quantity: 5,
        is_vintage: i % 2 === 0,
      }),
    )
  }
  await listItem(seller, shop, { title: `${word} sold out`, quantity: 0 })
  const archived = await listItem(seller, shop, { title: `${word} archived` })
  expectStatus(await seller.call('DELETE', `/v1/products/${archived.id}`), 204)
  await eventually(
    FOLLOWS_MS,
    () => find({ q: word }),
    (found) => found.total === stock.length,
  )
}, 60_000)

describe('GET /v1/search', () => {
  test('returns products as their own page shows them, in an envelope', async () => {
    const found = await find({ q: word, limit: 100 })
    expect(Object.keys(found).sort()).toEqual([
      'degraded',
      'did_you_mean',
      'facets',
      'items',
      'next_cursor',
      'showing_results_for',
      'took_ms',
      'total',
      'total_is_lower_bound',
    ])
    expect(found).toMatchObject({ total: 11, total_is_lower_bound: false, next_cursor: null, degraded: false })
    expect(idsOf(found).sort()).toEqual(stock.map((product) => product.id).sort())
    for (const { variant_id, ...hit } of found.items as (Product & { variant_id: number | null })[]) {
      expect(hit).toEqual(stock.find((product) => product.id === hit.id) as Product)
      expect(variant_id).toBeNull()
    }
  })

  test('lists everything in stock without a query', async () => {
    const empty = await find({ q: '' })
    expect(empty.total).toBeGreaterThanOrEqual(stock.length)
    expect((await find({})).total).toBe(empty.total)
    expect((await find({ q: '  ' })).total).toBe(empty.total)
    expect(empty.items.every((product) => product.quantity > 0 && product.state === 'active')).toBe(true)
    expect(empty.items).toHaveLength(24)
  })

  test('sorts', async () => {
    const newest = stock.map((product) => product.id).reverse()
    expect(idsOf(await find({ q: word, sort: 'newest' }))).toEqual(newest)
    const cents = (found: SearchResult) => found.items.map((product) => Math.round(Number(product.price) * 100))
    const cheap = cents(await find({ q: word, sort: 'price_asc' }))
    expect(cheap).toEqual(stock.map((product) => Math.round(Number(product.price) * 100)).sort((a, b) => a - b))
    expect(cents(await find({ q: word, sort: 'price_desc' }))).toEqual([...cheap].reverse())
  })

  test('ranks listings with all words before listings with some', async () => {
    const found = await find({ q: `${word} thing no 7` })
    expect(found.items[0]?.title).toBe(`A ${word} thing no 7`)
  })

  test.each(['relevance', 'newest', 'price_asc', 'price_desc'])('pages by %s lose and repeat nothing', async (sort) => {
    const read = (path: string) => api<SearchResult>('GET', path)
    const walked = await readAllPages<Product>(read, `/v1/search?q=${word}&sort=${sort}&limit=2`)
    expect(walked.map((product) => product.id)).toEqual(idsOf(await find({ q: word, sort, limit: 100 })))
    expect(walked).toHaveLength(stock.length)
  })

  test('pages without a query repeat nothing', async () => {
    const ids: number[] = []
    let path = '/v1/search?sort=newest&limit=100'
    for (let page = 0; page < 5; page++) {
      const answer = await api<SearchResult>('GET', path)
      ids.push(...idsOf(expectStatus(answer, 200)))
      const next = /^<([^>]+)>/.exec(answer.headers.get('link') ?? '')?.[1]
      if (!next) break
      path = next
    }
    expect(new Set(ids).size).toBe(ids.length)
  })

  test('filters by price, both ends included', async () => {
    const found = await find({ q: word, price_min: '25', price_max: '60.00', limit: 100 })
    expect(found.items.map((product) => product.price).sort()).toEqual(['25.00', '49.99', '50.00', '60.00', '60.00'])
    expect((await find({ q: word, price_min: '250.01' })).total).toBe(0)
    expect((await find({ q: word, price_min: '60', price_max: '25' })).items).toEqual([])
  })

  test('filters by category, with its descendants, and by vintage', async () => {
    const wanted = (categories: (number | null)[]) =>
      stock
        .filter((product) => categories.includes(product.category_id))
        .map((product) => product.id)
        .sort()
    expect(idsOf(await find({ q: word, category: leaf.slug, limit: 100 })).sort()).toEqual(wanted([leaf.id]))
    expect(idsOf(await find({ q: word, category: parent.slug, limit: 100 })).sort()).toEqual(wanted([leaf.id, parent.id]))
    for (const is_vintage of [true, false]) {
      expect((await find({ q: word, is_vintage })).total).toBe(
        stock.filter((product) => product.is_vintage === is_vintage).length,
      )
    }
  })

  test('facets count the hits of each choice', async () => {
    const { facets } = await find({ q: word })
    expect(facets.categories.reduce((sum, one) => sum + one.count, 0)).toBeGreaterThanOrEqual(stock.length)
    for (const { slug, count } of facets.categories)
      expect([slug, (await find({ q: word, category: slug })).total]).toEqual([slug, count])
    expect(facets.price_ranges.reduce((sum, one) => sum + one.count, 0)).toBe(stock.length)
    for (const { from, to, count } of facets.price_ranges) {
      const range = { ...(from && { price_min: from }), ...(to && { price_max: to }) }
      expect([range, (await find({ q: word, ...range })).total]).toEqual([range, count])
    }
  })

  test('price ranges are disjoint and cover every price', async () => {
    const { price_ranges } = (await find({ q: word })).facets
    expect(price_ranges[0]?.from).toBeNull()
    expect(price_ranges.at(-1)?.to).toBeNull()
    for (const [i, { from }] of price_ranges.slice(1).entries())
      expect(Number(from)).toBeCloseTo(Number(price_ranges[i]?.to) + 0.01, 6)
    expect(new Set(price_ranges.map((range) => range.key)).size).toBe(price_ranges.length)
  })

  test('a facet is counted without its own filter, and with all others', async () => {
    const all = (await find({ q: word })).facets
    const narrow = (await find({ q: word, price_max: '24.99' })).facets
    expect(narrow.price_ranges).toEqual(all.price_ranges)
    const cheap = stock.filter((product) => Number(product.price) <= 24.99).length
    expect(narrow.categories.reduce((sum, one) => sum + one.count, 0)).toBeLessThan(
      all.categories.reduce((sum, one) => sum + one.count, 0),
    )
    expect((await find({ q: word, price_max: '24.99' })).total).toBe(cheap)
  })

  test('a misspelled word finds the intended one, and the response names it', async () => {
    const middle = Math.floor(word.length / 2)
    const misspelled = `${word.slice(0, middle)}x${word.slice(middle + 1)}`
    const found = await eventually(
      FOLLOWS_MS,
      () => find({ q: misspelled, limit: 100 }),
      // Before the vocabulary has the word, the search finds listings that only look similar.
      (page) => page.did_you_mean === word,
    )
    expect(idsOf(found).sort()).toEqual(stock.map((product) => product.id).sort())
    expect((await find({ q: word })).did_you_mean).toBeNull()
  }, 20_000)

  test('rejects invalid parameters by name', async () => {
    const wrong: [string, string][] = [
      ['price_min', '-1'],
      ['price_min', '1.005'],
      ['price_max', 'cheap'],
      ['is_vintage', 'yes'],
      ['is_vintage', '1'],
      ['sort', 'random'],
      ['category', 'no-such-category'],
      ['option', 'Size'],
      ['option', ':S'],
      ['option', `Size:${'x'.repeat(300)}`],
      ['ships_to', 'Germany'],
      ['ships_to', 'XX'],
      ['limit', '0'],
      ['limit', '101'],
      ['cursor', 'x'],
      ['q', 'x'.repeat(201)],
    ]
    for (const [name, value] of wrong)
      expect(fieldsOf(expectProblem(await search({ [name]: value }), 422, 'invalid_input'))).toEqual([`#/${name}`])
    expectProblem(await search({ query: 'mug' }), 400, 'invalid_query')
  })

  test('the longest name and value of a facet can be sent back', async () => {
    const { seller, shop } = await makeSeller()
    const bird = inventWord()
    const [name, value] = ['🐦'.repeat(50), '🪶'.repeat(100)]
    const options = [{ name, values: [value] }]
    const { id } = await listItem(seller, shop, { title: `A ${bird}`, options, variants: [{ option_values: [value] }] })
    const found = await eventually(
      FOLLOWS_MS,
      () => find({ q: bird }),
      ({ facets }) => facets.options.length > 0,
    )
    expect(found.facets.options).toEqual([{ name, values: [{ value, count: 1 }] }])
    expect(idsOf(await find({ q: bird, option: `${name}:${value}` }))).toEqual([id])
    expect((await find({ q: bird, option: `${name}:${value.slice(2)}` })).items).toEqual([])
  }, 20_000)

  test('ships_to finds what is sent to a country, and follows a change of the shipping profile', async () => {
    const { seller, shop } = await makeSeller()
    const rateTo = (to: string) => ({ to, base: '5.00', per_extra_item: '1.00' })
    const profile = await addShippingProfile(seller, shop, { rates: [rateTo('eu')] })
    const postal = inventWord()
    const local = await listItem(seller, shop, { title: `A ${postal} thing`, shipping_profile_id: profile.id })
    const other = await listItem(seller, shop, { title: `A ${postal} thing for all` })
    const foundFor = async (ships_to: string) => idsOf(await find({ q: postal, ships_to })).sort((a, b) => a - b)
    const follows = (ships_to: string, ids: number[]) =>
      eventually(
        FOLLOWS_MS,
        () => foundFor(ships_to),
        (found) => JSON.stringify(found) === JSON.stringify(ids),
      )
    await follows('DE', [local.id, other.id])
    await follows('US', [other.id])
    const rates = [rateTo('eu'), rateTo('US')]
    expectStatus(await seller.call('PATCH', `/v1/shipping-profiles/${profile.id}`, { body: { rates } }), 200)
    await follows('US', [local.id, other.id])
    const { facets } = await find({ q: postal })
    expect(facets.ships_to).toEqual([
      { to: 'world', count: 1 },
      { to: 'eu', count: 2 },
      { to: 'US', count: 2 },
    ])
  }, 20_000)

  test('a cursor belongs to its own query, filters and sort', async () => {
    const { next_cursor } = await find({ q: word, limit: 1 })
    for (const other of [
      { q: `${word} thing` },
      { q: word, sort: 'newest' },
      { q: word, is_vintage: true },
      { q: word, option: 'Size:S' },
      { q: word, ships_to: 'DE' },
      {},
    ]) {
      expect(fieldsOf(expectProblem(await search({ ...other, cursor: next_cursor as string }), 422))).toEqual(['#/cursor'])
    }
    expectStatus(await search({ q: word, limit: 50, cursor: next_cursor as string }), 200)
  })

  test.each([
    '"',
    "'",
    '\\',
    '()',
    ')(',
    '!!',
    '&|!',
    'a & b',
    '<->',
    ':*',
    'a:*',
    'title:(mug OR',
    '[* TO *]',
    'the of and',
    '%',
    '_',
    '$1',
    "'; drop table products; --",
    '🧵',
    '‮gum',
    'ﷺ',
    '\u200b',
    'x'.repeat(200),
    'a '.repeat(100),
    '-mug',
    '+mug +cup',
    '/.*/',
    '\t\n',
    '{{7*7}}',
    '\u{1d555}\u{1d560}',
  ])('returns a page for any text: %j', async (q) => {
    const found = await find({ q })
    expect(found.items).toBeArray()
    expect(found.total).toBeGreaterThanOrEqual(found.items.length)
  })

  test('follows a new, a changed and a sold-out listing', async () => {
    const fresh = inventWord()
    const { seller: maker, shop } = await makeSeller()
    const product = await listItem(maker, shop, { title: `A ${fresh} lamp`, tags: [] })
    await eventually(
      FOLLOWS_MS,
      () => find({ q: fresh }),
      (found) => found.total === 1 && found.items[0]?.id === product.id,
    )
    const renamed = inventWord()
    expectStatus(
      await maker.call('PATCH', `/v1/products/${product.id}`, { body: { title: `A ${renamed} lamp`, price: '33' } }),
      200,
    )
    await eventually(
      FOLLOWS_MS,
      () => find({ q: renamed }),
      (found) => found.items[0]?.price === '33.00',
    )
    const buyer = await signUp()
    await addToCart(buyer, product)
    await checkOut(buyer)
    await eventually(
      FOLLOWS_MS,
      () => find({ q: renamed }),
      (found) => !idsOf(found).includes(product.id),
    )
    await setStock(maker, product, 1)
    await eventually(
      FOLLOWS_MS,
      () => find({ q: renamed }),
      (found) => idsOf(found).includes(product.id),
    )
    expectStatus(await maker.call('DELETE', `/v1/products/${product.id}`), 204)
    await eventually(
      FOLLOWS_MS,
      () => find({ q: renamed }),
      (found) => !idsOf(found).includes(product.id),
    )
  }, 60_000)

  test('shows held items, because a hold is not a sale', async () => {
    const fresh = inventWord()
    const { seller: maker, shop } = await makeSeller()
    const product = await listItem(maker, shop, { title: fresh })
    await addToCart(await signUp(), product)
    await eventually(
      FOLLOWS_MS,
      () => find({ q: fresh }),
      (found) => idsOf(found).includes(product.id),
    )
  }, 20_000)
})

describe('GET /v1/search/suggest', () => {
  const suggest = async (q: string) =>
    expectStatus(await api<{ items: string[] }>('GET', `/v1/search/suggest?q=${encodeURIComponent(q)}`), 200).items

  test('completes a typed prefix, with words that find something', async () => {
    const items = await eventually(
      FOLLOWS_MS,
      () => suggest(word.slice(0, -3)),
      (list) => list.length > 0,
    )
    expect(items.some((item) => item.toLowerCase().includes(word))).toBe(true)
    expect(items.length).toBeLessThanOrEqual(10)
    for (const item of items) expect((await find({ q: item })).total).toBeGreaterThan(0)
  }, 20_000)

  test('accepts any text, and returns a bounded list', async () => {
    for (const q of ['', ' ', "'", '%', '\\', '🧵', 'x'.repeat(200), '(((']) expect(await suggest(q)).toBeArray()
    expect(fieldsOf(expectProblem(await api('GET', `/v1/search/suggest?q=${'x'.repeat(201)}`), 422))).toEqual(['#/q'])
    expectProblem(await api('GET', '/v1/search/suggest?query=mug'), 400, 'invalid_query')
  })

  test('names shops and categories with something in stock, and tolerates one typo', async () => {
    const { seller: maker, shop } = await makeSeller()
    const name = `${inventWord()} Pottery`
    expectStatus(await maker.call('PATCH', `/v1/shops/${shop.id}`, { body: { name } }), 200)
    const places = async (q: string) =>
      expectStatus(
        await api<{ shops: { id: number; name: string }[]; categories: { slug: string }[] }>(
          'GET',
          `/v1/search/suggest?q=${encodeURIComponent(q)}`,
        ),
        200,
      )
    expect((await places(name.slice(0, 8))).shops).toEqual([])
    await listItem(maker, shop, { category_id: leaf.id })
    expect((await places(name.slice(0, 8).toUpperCase())).shops).toEqual([{ id: shop.id, name }])
    expect((await places(`${name.slice(0, 2)}${name.slice(3, 9)}`)).shops).toEqual([{ id: shop.id, name }])
    expect((await places(parent.name)).categories.map((category) => category.slug)).toContain(parent.slug)
    expect(await places('%')).toMatchObject({ shops: [], categories: [] })
    expectStatus(await maker.call('PATCH', `/v1/shops/${shop.id}`, { body: { is_on_vacation: true } }), 200)
    expect((await places(name.slice(0, 8))).shops).toEqual([])
  }, 20_000)
})
