/** Postage by destination, from the profile to the cart and the order: rates, upgrades, delivery, and raises. */
import { describe, expect, test } from 'bun:test'
import { unique } from '../../test/support/factory.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()

type Rate = { to: string; base: string; per_extra_item: string; days_min?: number; days_max?: number }
type Upgrade = { name: string; to: string; price: string; per_extra_item: string }
type CartShop = {
  shop: { id: number }
  items: { line_id: number; quantity: number; unavailable_reason: string | null; available_quantity: number }[]
  shipping: string
  total: string
  upgrades: { id: number; name: string; price: string; per_extra_item: string }[]
  delivery: { from: string; to: string } | null
}

const WORLD: Rate = { to: 'world', base: '9', per_extra_item: '2' }
const EU: Rate = { to: 'eu', base: '6', per_extra_item: '1.5' }
const GERMANY: Rate = { to: 'DE', base: '3', per_extra_item: '1' }
const EXPRESS: Upgrade = { name: 'Express', to: 'world', price: '8', per_extra_item: '1' }

const rate = (base: string, per_extra_item: string, to = 'world'): Rate => ({ to, base, per_extra_item })
const json = (value: unknown) => db.sql.json(value as never)
const cartOf = async (user: number, country: string | null = null) =>
  (await db.json`select cart_json(${user}, country => ${country})`) as { shops: CartShop[]; total: string }
const shopOf = async (user: number, country: string | null = null) => (await cartOf(user, country)).shops[0] as CartShop
const orderOf = (checkout_id: number | null) => db.json`select order_json(o) from orders o where o.checkout_id = ${checkout_id}`
const dayFromNow = (days: number) => new Date(Date.now() + days * 86_400_000).toISOString().slice(0, 10)

async function makeShop() {
  const owner = await db.makeUser()
  return { owner, shop: await db.makeShop({ owner_id: owner, base: '4.5', per_extra_item: '1' }) }
}
type Stall = Awaited<ReturnType<typeof makeShop>>

/** Adds a profile and returns its id. */
async function add({ shop, owner }: Stall, rates: Rate[], upgrades: Upgrade[] = []) {
  const profile = { name: unique('Profile'), rates, upgrades }
  return db.value<number>`select id from add_shipping_profile(${shop}, ${owner}, ${json(profile)})`
}
const change = (id: number, { owner }: Stall, changes: object) =>
  db.rows`select body from change_shipping_profile(${id}, ${owner}, ${json(changes)})`
const defaultOf = ({ shop }: Stall) => db.value<number>`select id from find_default_profile(${shop})`

/** Makes a listing of a profile; null for the default one. */
async function item({ shop }: Stall, profile: number | null) {
  const product = await db.makeProduct({ shop_id: shop, quantity: 99 })
  if (profile) await db.sql`update products set shipping_profile_id = ${profile} where id = ${product}`
  return product
}
const put = (buyer: number, product: number, quantity = 1) => db.reserve(buyer, product, quantity)

describe('the rate of a line', () => {
  test.each([
    ['DE', '3.00'],
    ['FR', '6.00'],
    ['US', '9.00'],
    [null, '9.00'],
  ])('is that of the most exact destination: %p', async (country, shipping) => {
    const stall = await makeShop()
    const buyer = await db.makeUser()
    await put(buyer, await item(stall, await add(stall, [WORLD, EU, GERMANY])))
    expect(await shopOf(buyer, country)).toMatchObject({ shipping })
  })

  test('is that of the default profile, and of the shop where no rate is more exact', async () => {
    const stall = await makeShop()
    await change(await defaultOf(stall), stall, { rates: [rate('4.5', '1'), GERMANY] })
    const buyer = await db.makeUser()
    await put(buyer, await item(stall, null), 2)
    expect(await shopOf(buyer, 'DE')).toMatchObject({ shipping: '4.00' })
    expect(await shopOf(buyer, 'FR')).toMatchObject({ shipping: '5.50' })
  })

  test('without a country is that to the default address of the buyer', async () => {
    const stall = await makeShop()
    const buyer = await db.makeUser()
    await put(buyer, await item(stall, await add(stall, [WORLD, GERMANY])))
    await db.sql`
      insert into addresses (user_id, name, line1, city, country, is_default)
      values (${buyer}, 'Ann', '1 Lane', 'Bonn', 'DE', true)`
    expect(await shopOf(buyer)).toMatchObject({ shipping: '3.00' })
    expect(await shopOf(buyer, 'US')).toMatchObject({ shipping: '9.00' })
  })

  test('needs no look-up in a shop that has nothing but its shipping', async () => {
    const buyer = await db.makeBuyer(await item(await makeShop(), null))
    const [row] = await db.rows`
      select l.rate ? 'profile_id' as has_profile from lines_to_order(${buyer}, cart_line_ids(${buyer}), 'DE') l`
    expect(row).toEqual({ has_profile: false })
  })
})

describe('the postage of a listing', () => {
  type Postage = { is_shippable: boolean; shipping: string | null; per_extra_item: string | null; delivery: CartShop['delivery'] }
  const postageOf = (product: number, country: string, variant: number | null = null) =>
    db.json`select body from show_postage(${product}, ${country}, ${variant})` as Promise<Postage>

  test('is that of a cart with one unit, with its delivery', async () => {
    const stall = await makeShop()
    const days = { days_min: 2, days_max: 4 }
    const profile = await add(stall, [{ ...GERMANY, ...days }, EU])
    for (const product of [await item(stall, profile), await item(stall, null)]) {
      const buyer = await db.makeUser()
      await put(buyer, product)
      for (const country of ['DE', 'FR']) {
        const { shipping, delivery } = await shopOf(buyer, country)
        expect(await postageOf(product, country)).toMatchObject({ is_shippable: true, shipping, delivery })
      }
    }
    expect(await postageOf(await item(stall, profile), 'DE')).toMatchObject({ shipping: '3.00', per_extra_item: '1.00' })
    expect(await postageOf(await item(stall, profile), 'US')).toMatchObject({
      is_shippable: false,
      shipping: null,
      per_extra_item: null,
      delivery: null,
    })
  })

  test('has the processing days of the chosen variant', async () => {
    const stall = await makeShop()
    const product = await item(stall, await add(stall, [{ ...WORLD, days_min: 2, days_max: 4 }]))
    const slow = await db.value<number>`
      insert into processing_profiles (shop_id, name, readiness, days_min, days_max)
      values (${stall.shop}, 'Slow', 'made_to_order', 20, 30) returning id`
    await db.sql`insert into product_options (product_id, position, name, option_values)
      values (${product}, 1, 'Size', '{S,L}')`
    const variant = await db.value<number>`
      insert into variants (product_id, shop_id, option_values, processing_profile_id)
      values (${product}, ${stall.shop}, '{S}', ${slow}) returning id`
    expect((await postageOf(product, 'DE')).delivery).toEqual({ from: dayFromNow(3), to: dayFromNow(7) })
    expect((await postageOf(product, 'DE', variant)).delivery).toEqual({ from: dayFromNow(22), to: dayFromNow(34) })
    const other = await item(stall, null)
    expect(await refusalOf(postageOf(other, 'DE', variant))).toMatchObject({ code: 'SWVUN' })
  })

  test('refuses an unknown country, and has none for an archived listing', async () => {
    const product = await item(await makeShop(), null)
    expect(await refusalOf(postageOf(product, 'XX'))).toMatchObject({ code: 'SWINV' })
    await db.sql`update products set archived_at = now() where id = ${product}`
    expect(await db.rows`select from show_postage(${product}, 'DE')`).toEqual([])
  })
})

describe('in one order', () => {
  /** Puts one unit of a listing for each rate in a cart, in this order, and returns the postage. */
  async function postageOf(...rates: [base: string, extra: string, quantity?: number][]) {
    const [stall, buyer] = [await makeShop(), await db.makeUser()]
    for (const [base, extra, quantity = 1] of rates)
      await put(buyer, await item(stall, await add(stall, [rate(base, extra)])), quantity)
    return (await shopOf(buyer)).shipping
  }

  test('the dearest base is charged once, every other unit its own extra', async () => {
    expect(await postageOf(['5', '1'], ['9', '2', 3], ['1', '0.25', 2])).toBe('14.50')
    expect(await postageOf(['9', '2', 3], ['1', '0.25', 2], ['5', '1'])).toBe('14.50')
  })

  test('of two dearest lines that with the larger extra pays the base', async () => {
    expect(await postageOf(['9', '4'], ['9', '1'])).toBe('10.00')
    expect(await postageOf(['9', '1'], ['9', '4'])).toBe('10.00')
  })

  test('of two equal rates that of the lower product id gives the upgrades', async () => {
    const [stall, buyer] = [await makeShop(), await db.makeUser()]
    const [first, second] = [
      await item(stall, await add(stall, [WORLD], [EXPRESS])),
      await item(stall, await add(stall, [WORLD])),
    ]
    await put(buyer, second)
    await put(buyer, first)
    expect((await shopOf(buyer)).upgrades).toMatchObject([{ name: 'Express', price: '8.00', per_extra_item: '1.00' }])
  })
})

describe('a line that is not sent to the country', () => {
  async function mixedCart() {
    const [stall, buyer] = [await makeShop(), await db.makeUser()]
    await put(buyer, await item(stall, await add(stall, [GERMANY])))
    await put(buyer, await item(stall, null), 2)
    await put(buyer, await item(stall, await add(stall, [EU])))
    return { buyer, lines: await db.value<number[]>`select cart_line_ids(${buyer})` }
  }

  test('is not available in the cart, and the totals exclude it', async () => {
    const { buyer } = await mixedCart()
    const reasons = async (country: string) => (await shopOf(buyer, country)).items.map((line) => line.unavailable_reason)
    expect(await reasons('DE')).toEqual([null, null, null])
    expect(await reasons('FR')).toEqual(['not_shippable', null, null])
    const shop = await shopOf(buyer, 'US')
    expect(shop).toMatchObject({ shipping: '5.50', total: '25.50' })
    expect(shop.items.map((line) => line.available_quantity)).toEqual([0, 99, 0])
  })

  test('stops the checkout, which names each such line', async () => {
    const { buyer, lines } = await mixedCart()
    const { refusal } = await db.placeCheckout(buyer, { country: 'US' })
    expect(refusal).toMatchObject({
      code: 'SWDST',
      detail: {
        errors: [
          { line_id: lines[0], code: 'not_shippable', pointer: '#/shops/0/items/0' },
          { line_id: lines[2], code: 'not_shippable', pointer: '#/shops/0/items/2' },
        ],
      },
    })
    expect((await db.placeCheckout(buyer, { country: 'DE' })).refusal).toBeNull()
  })
})

describe('an upgrade', () => {
  async function expressCart() {
    const [stall, buyer] = [await makeShop(), await db.makeUser()]
    const profile = await add(stall, [WORLD, GERMANY], [EXPRESS, { ...EXPRESS, to: 'DE', price: '5' }])
    await put(buyer, await item(stall, profile), 3)
    return { stall, buyer, profile }
  }
  const choose = (buyer: number, country: string, ...shipping_options: { shop_id: number; upgrade_id: number }[]) =>
    db.placeCheckout(buyer, { country, shipping_options })

  test('adds its price once and its extra for each further unit; the order keeps its name', async () => {
    const { stall, buyer } = await expressCart()
    const [express] = (await shopOf(buyer, 'DE')).upgrades as [CartShop['upgrades'][0]]
    expect(express).toMatchObject({ name: 'Express', price: '5.00', per_extra_item: '1.00' })
    const { checkout_id, amount } = await choose(buyer, 'DE', { shop_id: stall.shop, upgrade_id: express.id })
    // 30.00, 3.00 and two times 1.00, then 5.00 and two times 1.00.
    expect(amount).toBe('42.00')
    expect(await orderOf(checkout_id)).toMatchObject({ shipping: '12.00', shipping_method: 'Express' })
    const trails = await db.rows`
      select replay_order(o.id) = order_facts(o) as is_rebuilt from orders o where o.checkout_id = ${checkout_id}`
    expect(trails).toEqual([{ is_rebuilt: true }])
  })

  test('that does not apply, or for a wrong shop, is refused by its place; the key stays free', async () => {
    const { stall, buyer } = await expressCart()
    const other = await expressCart()
    const idOf = async (country: string, of = buyer) => (await shopOf(of, country)).upgrades[0]?.id as number
    const german = { shop_id: stall.shop, upgrade_id: await idOf('DE') }
    const refused = async (country: string, ...options: { shop_id: number; upgrade_id: number }[]) => {
      const { code, detail } = await refusalOf(choose(buyer, country, ...options))
      return [code, (detail as { field: string }).field]
    }
    expect(await refused('US', german)).toEqual(['SWINV', 'shipping_options/0/upgrade_id'])
    expect(await refused('DE', german, german)).toEqual(['SWINV', 'shipping_options/1/shop_id'])
    expect(await refused('DE', { ...german, shop_id: other.stall.shop })).toEqual(['SWINV', 'shipping_options/0/shop_id'])
    expect(await refused('DE', { ...german, upgrade_id: await idOf('DE', other.buyer) })).toEqual([
      'SWINV',
      'shipping_options/0/upgrade_id',
    ])
    expect((await choose(buyer, 'DE', german)).refusal).toBeNull()
  })
})

describe('the delivery', () => {
  const days = (days_min: number, days_max: number): Rate => ({ ...WORLD, days_min, days_max })

  test('is that of the slowest line, and the order keeps it', async () => {
    const [stall, buyer] = [await makeShop(), await db.makeUser()]
    await put(buyer, await item(stall, await add(stall, [days(2, 4)])))
    await put(buyer, await item(stall, await add(stall, [days(5, 6)])))
    // The shop needs 1 to 3 days.
    const delivery = { from: dayFromNow(6), to: dayFromNow(9) }
    expect(await shopOf(buyer)).toMatchObject({ delivery })
    const { checkout_id } = await db.placeCheckout(buyer)
    expect(await orderOf(checkout_id)).toMatchObject({ delivery, shipping_method: null })
    const trails = await db.rows`
      select replay_order(o.id) = order_facts(o) as is_rebuilt from orders o where o.checkout_id = ${checkout_id}`
    expect(trails).toEqual([{ is_rebuilt: true }])
  })

  test('is unknown if the days of a line are', async () => {
    const [stall, buyer] = [await makeShop(), await db.makeUser()]
    await put(buyer, await item(stall, await add(stall, [days(2, 4)])))
    await put(buyer, await item(stall, null))
    expect(await shopOf(buyer)).toMatchObject({ delivery: null })
  })
})

describe('a raise of postage after a line was added', () => {
  async function cart(rates: Rate[] | null) {
    const [stall, buyer] = [await makeShop(), await db.makeUser()]
    const profile = rates ? await add(stall, rates) : null
    const product = await item(stall, profile)
    await put(buyer, product, 2)
    return { stall, buyer, product, profile: profile ?? (await defaultOf(stall)) }
  }
  const codeOf = async (buyer: number, country: string) => (await db.placeCheckout(buyer, { country })).refusal?.code ?? null

  test('stops the checkout to that destination only', async () => {
    const { stall, buyer, profile } = await cart([WORLD, GERMANY])
    await change(profile, stall, { rates: [WORLD, { ...GERMANY, per_extra_item: '1.01' }] })
    expect(await codeOf(buyer, 'DE')).toBe('SWPRC')
    expect(await codeOf(buyer, 'FR')).toBeNull()
  })

  test('is a rate to a destination that had none: the cart had shown no postage for it', async () => {
    const { stall, buyer, profile } = await cart([GERMANY])
    expect(await codeOf(buyer, 'US')).toBe('SWDST')
    await change(profile, stall, { rates: [GERMANY, WORLD] })
    const { refusal } = await db.placeCheckout(buyer, { country: 'US' })
    expect(refusal).toMatchObject({ code: 'SWPRC', detail: { errors: [{ code: 'price_changed' }] } })
    const expected_total = refusal?.detail.total as string
    expect((await db.placeCheckout(buyer, { country: 'US', expected_total })).refusal).toBeNull()
  })

  test('is not reported for a rate that fell, a destination that lost its rate, or the choice of a dearer destination', async () => {
    const gone = await cart([WORLD, GERMANY])
    await change(gone.profile, gone.stall, { rates: [GERMANY] })
    expect(await codeOf(gone.buyer, 'US')).toBe('SWDST')
    expect(await codeOf(gone.buyer, 'DE')).toBeNull()
    const fallen = await cart([WORLD])
    await change(fallen.profile, fallen.stall, { rates: [rate('8', '2')] })
    expect(await codeOf(fallen.buyer, 'US')).toBeNull()
    const { buyer } = await cart([WORLD, GERMANY])
    await db.value`select cart_json(${buyer}, country => 'DE')`
    expect(await codeOf(buyer, 'US')).toBeNull()
  })

  test('counts if the shop had nothing but its shipping', async () => {
    const { stall, buyer, profile } = await cart(null)
    await change(profile, stall, { rates: [rate('4.5', '1'), rate('4.6', '1', 'DE')] })
    expect(await codeOf(buyer, 'DE')).toBe('SWPRC')
    expect(await codeOf(buyer, 'US')).toBeNull()
  })

  test('counts after a failed payment, too', async () => {
    const { stall, buyer, profile } = await cart([WORLD, GERMANY])
    const { checkout_id } = await db.placeCheckout(buyer, { country: 'DE' })
    await db.sql`select * from settle_checkout(${checkout_id}, 'declined')`
    await change(profile, stall, { rates: [WORLD, { ...GERMANY, base: '3.50' }] })
    expect(await codeOf(buyer, 'DE')).toBe('SWPRC')
  })
})

describe('for random carts', () => {
  const CARTS = Number(process.env.CARTS ?? 300)
  const COUNTRIES = ['DE', 'FR', 'US', 'CH']
  let state = 20
  /** A whole number below `below`. */
  const random = (below: number) => {
    state = (state * 1_103_515_245 + 12_345) % 2_147_483_648
    return Math.floor((state / 2_147_483_648) * below)
  }
  const pick = <T>(of: readonly T[]) => of[random(of.length)] as T
  const money = (most: number) => (random(most * 100) / 100).toFixed(2)
  const cents = (amount: string) => Math.round(Number(amount) * 100)
  const someRates = () =>
    ['world', 'eu', 'DE', 'US'].filter(() => random(3) > 0).map((to) => rate(pick(['5', money(20)]), pick(['1', money(6)]), to))
  const someUpgrades = () =>
    ['world', 'eu', 'DE'].map((to) => ({ name: pick(['Express', 'Tracked']), to, price: money(9), per_extra_item: money(2) }))

  test('the quote is what the checkout charges, is never negative and grows with the units', async () => {
    const items: number[] = []
    for (const stall of [await makeShop(), await makeShop(), await makeShop()]) {
      const rates = [rate('5', '1'), ...someRates().filter(({ to }) => to !== 'world')]
      await change(await defaultOf(stall), stall, { rates, upgrades: someUpgrades() })
      items.push(await item(stall, null), await item(stall, null))
      for (let n = 0; n < 4; n++)
        items.push(await item(stall, await add(stall, [...someRates(), rate('7', '2', 'FR')], someUpgrades())))
    }
    // A shop that has nothing but its shipping.
    items.push(await item(await makeShop(), null))
    await db.sql`update products set quantity = 1000000 where id = any(${items})`
    const seen = { upgrades: 0, unsent: 0 }
    for (let n = 0; n < CARTS; n++) {
      const [buyer, country] = [await db.makeUser(), pick(COUNTRIES)]
      const products = items.filter(() => random(4) === 0)
      for (const product of products) await put(buyer, product, 1 + random(3))
      const first = await cartOf(buyer, country)
      const lost = first.shops.flatMap((shop) => shop.items).filter((line) => line.unavailable_reason)
      for (const { line_id } of lost) await db.value`select remove_cart_line(${buyer}, ${line_id})`
      if (lost.length > 0) seen.unsent++
      if (lost.length === products.length) continue
      const cart = await cartOf(buyer, country)
      expect(cart.total).toBe(first.total)
      let total = cents(cart.total)
      const shipping_options: { shop_id: number; upgrade_id: number }[] = []
      for (const shop of cart.shops) {
        expect(cents(shop.shipping)).toBeGreaterThanOrEqual(0)
        if (shop.upgrades.length === 0 || random(2) === 0) continue
        const upgrade = pick(shop.upgrades)
        const units = shop.items.reduce((sum, line) => sum + line.quantity, 0)
        shipping_options.push({ shop_id: shop.shop.id, upgrade_id: upgrade.id })
        total += cents(upgrade.price) + cents(upgrade.per_extra_item) * (units - 1)
        seen.upgrades++
      }
      const line = pick(cart.shops.flatMap((shop) => shop.items))
      await db.value`select body from change_cart_line(${buyer}, ${line.line_id}, ${line.quantity + 1})`
      const grown = await cartOf(buyer, country)
      const postage = (of: { shops: CartShop[] }) => of.shops.reduce((sum, shop) => sum + cents(shop.shipping), 0)
      expect(postage(grown)).toBeGreaterThanOrEqual(postage(cart))
      await db.value`select body from change_cart_line(${buyer}, ${line.line_id}, ${line.quantity})`
      const { amount, refusal } = await db.placeCheckout(buyer, {
        country,
        shipping_options,
        expected_total: (total / 100).toFixed(2),
      })
      expect({ n, refusal }).toEqual({ n, refusal: null })
      expect(cents(amount as string)).toBe(total)
    }
    expect(seen.upgrades).toBeGreaterThan(CARTS / 3)
    expect(seen.unsent).toBeGreaterThan(CARTS / 10)
  }, 3_600_000)
})
