import { openClient } from './client.ts'

const url = process.env.API_URL ?? 'http://localhost:3000'
const who = { email: `ann${Date.now()}@example.com`, password: 'correct horse battery' }

const guest = openClient(url)
await guest.POST('/v1/users', { body: { ...who, display_name: 'Ann' } })
const { data: session } = await guest.POST('/v1/sessions', { body: who })
if (!session) throw new Error('not signed in')

const ann = openClient(url, session.token)
const { data: found } = await ann.GET('/v1/search', { params: { query: { q: 'vintage heart', price_max: '10' } } })
for (const item of found?.items.slice(0, 2) ?? [])
  await ann.POST('/v1/cart/items', { body: { product_id: item.id, quantity: 1 } })

const { data: cart } = await ann.GET('/v1/cart')
if (!cart) throw new Error('no cart')

// Pays the total of the cart. If the total has changed, the code is `price_changed`, and nothing is charged.
const { data: checkout, error } = await ann.POST('/v1/checkout', {
  params: { header: { 'Idempotency-Key': crypto.randomUUID() } },
  body: {
    payment_method: 'pm_card_visa',
    shipping_address: { name: 'Ann', line1: '1 Main Street', city: 'Springfield', postal_code: '12345', country: 'US' },
    expected_total: cart.total,
  },
})
// An error is a problem: `code` is for programs, `detail` for people.
if (error) console.log(error.code, error.detail)
else console.log(checkout.orders.map(({ shop_id, status, total }) => ({ shop_id, status, total })))
