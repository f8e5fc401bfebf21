import type { Static } from '@sinclair/typebox'
import { type Context, Hono } from 'hono'
import { baseUrl } from '../../http/base_url.ts'
import type { Env } from '../../http/env.ts'
import { type KeyRecord, throughFastPath } from '../../http/idempotency/fast_path.ts'
import { fingerprintOf, LEASE_S, readRequiredKey, withoutNulls } from '../../http/idempotency/key.ts'
import { exampleOf } from '../../http/openapi/example_of.ts'
import { operation } from '../../http/operation/operation.ts'
import { recordLastWrite } from '../../http/read_routing.ts'
import { orNotFound, sendJson } from '../../http/respond.ts'
import { CheckoutParam } from '../../http/schemas.ts'
import { withDeadline } from '../../platform/db/deadline.ts'
import { problemOfSqlstate, refusal, renderProblem, toProblem } from '../../platform/problem.ts'
import { countOrders } from '../orders/count_orders.ts'
import { Order } from '../orders/schemas.ts'
import { type LimitedGateway, limitDeclinedCards } from './declined_cards.ts'
import { Checkout, CheckoutInput, CheckoutPayment } from './schemas.ts'
import { settle } from './settle.ts'
import { giveUpCheckout, placeCheckout, showCheckout, showGivenUp } from './statements.ts'

const tag = 'Checkout'

/** The HTTP status of a success, by the status of the checkout. */
const STATUS_CODE: Record<string, number> = { paid: 201, pending: 202 }

const CHECK_OUT = `Charges \`payment_method\` once for the whole cart and creates one order for each shop.
Send the cart's \`total\` as \`expected_total\`: if the total differs, nothing is charged and the call returns \`price_changed\`
with the new \`total\`. Without \`expected_total\`, the call returns \`price_changed\` in two cases: after you added a line, its
seller raised its price or its shipping, or began to send it to that country; or a line left the cart because its hold ended,
and you have not read or changed the cart since. What the country of the address, an upgrade or further lines change is no such raise.

Shipping is that to the country of the address. \`shipping_options\` chooses, for a shop, one of the \`upgrades\` of the cart.

**Retries.** Make a new \`Idempotency-Key\` for each purchase, such as a UUID. After a timeout, a lost connection or a 5xx, send the
same key and the same body again. The call then returns the first response byte for byte with \`Idempotency-Replayed: true\`, and
charges nothing. The server keeps a key for at least 24 hours. A new key is a new purchase.

**201** means paid. **202** means that the payment is not decided yet, and the orders are \`pending\`. Do not buy again; read
\`Location\` every few seconds until \`status\` is \`paid\` or \`cancelled\`. If \`payment.status\` is \`requires_action\`, the card asks
for an action such as 3-D Secure: send the buyer to \`payment.next_action.url\`, or continue with \`client_secret\` in the provider's own
library. The items stay reserved for 15 minutes, then the payment is declined. \`cancelCheckout\` gives it up earlier.

**Errors.** Nothing is charged, and the cart is unchanged.
- \`payment_declined\`: ask for another payment method, then use a new key. After ten declined cards in an hour, of the account or
  from the address, the call returns \`too_many_requests\`: wait \`Retry-After\` seconds. A card that asks for an action is declined
  at once if the account has, unpaid, ten other such checkouts in an hour, or three in 75 minutes with one of the products.
- \`payment_unavailable\`: try again later with a new key.
- \`wrong_checkout_state\`: the buyer gave the checkout up while this call was running.
- \`insufficient_stock\`, \`item_reserved\`, \`shop_on_vacation\`, \`own_item\`, \`personalization_required\`, \`not_shippable\`: \`errors\`
  names each line that cannot be ordered, with its \`product_id\` and its \`unavailable_reason\` as \`code\`.
  Remove or change these lines, then use a new key.
- \`price_changed\`: show the new total, then send it as \`expected_total\` with a new key.
- \`amount_out_of_range\`: the provider charges only totals from \`min\` to \`max\`. Change the cart, then use a new key.
- \`idempotency_in_progress\`: the first call is still running. Wait \`Retry-After\` seconds, then send the same request again.
- \`idempotency_mismatch\`: this key belongs to another request. Use a new key.`

/** An example of a pending checkout. */
const PENDING = {
  status: 'pending',
  payment: { ...(exampleOf(CheckoutPayment) as object), status: 'pending' },
  orders: [{ ...(exampleOf(Order) as object), status: 'pending' }],
}

/** The OpenAPI links from a checkout to calls on its orders. */
const withFirstOrder = Object.fromEntries(
  ['getOrder', 'listOrderEvents', 'shipOrder', 'deliverOrder', 'cancelOrder', 'refundOrder', 'reviewOrder'].map((call) => [
    call,
    { id: '$response.body#/orders/0/id' },
  ]),
)

export const checkout = new Hono<Env>().post(
  '/',
  operation({
    id: 'checkOut',
    summary: 'Pay once for the whole cart: one order for each shop',
    description: CHECK_OUT,
    tag,
    signed_in: true,
    limit: 'checkout',
    idempotency: 'own',
    body: CheckoutInput,
    links: { getCheckout: { id: '$response.body#/checkout_id' }, ...withFirstOrder },
    answers: { 201: Checkout, 202: Checkout },
    shows: { 202: PENDING },
    problems: [
      'idempotency_key_missing',
      'idempotency_key_invalid',
      'payment_declined',
      'idempotency_in_progress',
      'idempotency_mismatch',
      'insufficient_stock',
      'item_reserved',
      'shop_on_vacation',
      'own_item',
      'personalization_required',
      'not_shippable',
      'cart_empty',
      'price_changed',
      'amount_out_of_range',
      'payment_unavailable',
      'wrong_checkout_state',
    ],
  }),
  async (c) => {
    const idempotency_key = readRequiredKey(c.req.header('idempotency-key'))
    const record = {
      user_id: c.get('user_id'),
      call: 'POST /v1/checkout',
      key: idempotency_key,
      fingerprint: fingerprintOf(withoutNulls(c.req.valid('json'))),
    }
    return throughFastPath(c, record, () => placeAndPay(c, record, c.req.valid('json')))
  },
)

/** One statement before the payment and one after it. */
async function placeAndPay(c: Context<Env>, record: KeyRecord, order: Static<typeof CheckoutInput>): Promise<Response> {
  const { shipping_address = null, shipping_address_id = null, payment_method, expected_total = null } = order
  const { notes = null, shipping_options = null } = order
  const [sql, metrics, request_id] = [c.get('sql'), c.get('metrics'), c.get('request_id')]
  const { user_id: buyer_id, call, key: idempotency_key, fingerprint } = record
  const payments = await limitDeclinedCards(c)
  const placing = placeCheckout.one(sql, {
    buyer_id,
    call,
    idempotency_key,
    fingerprint,
    lease_s: LEASE_S,
    shipping_address,
    shipping_address_id,
    payment_method,
    expected_total,
    request_id,
    provider_available: payments.available(),
    quota_scale: c.get('quota_scale'),
    amount_limits: c.get('payments').provider.limits,
    notes,
    shipping_options,
  })
  const placed = await placing.catch((error) => {
    throw payments.toTooManyRequests(error)
  })
  countOrders(metrics, 'pending', placed.placed_totals)
  if (placed.step !== 'charge' || !placed.checkout_id || !placed.amount) return sendStored(c, placed, placed.step === 'replay')
  const { checkout_id, amount, lease_until } = placed
  const settlement = await payments.charge({ checkout_id, amount, method: payment_method, base_url: baseUrl(c) })
  const settled = await settle(c, checkout_id, settlement, lease_until)
  return sendStored(c, settled, false, payments.toTooManyRequests)
}

export const checkouts = new Hono<Env>()
  .get(
    '/:id',
    operation({
      id: 'getCheckout',
      summary: 'Read a checkout',
      description:
        'For its buyer. After a 202, read it every few seconds until `status` is `paid` or `cancelled`. For a cancelled ' +
        'checkout nothing was charged, and its items are back in the cart.',
      tag,
      signed_in: true,
      params: CheckoutParam,
      answers: { 200: Checkout },
      problems: ['not_found'],
    }),
    async (c) => {
      // A buyer who sees the settled payment here must also see it in the orders.
      recordLastWrite(c)
      const found = orNotFound(
        await showCheckout.maybe(c.get('sql'), { checkout_id: c.req.valid('param').id, user_id: c.get('user_id') }),
        'checkout',
      )
      return sendJson(c, found.body)
    },
  )
  .post(
    '/:id/cancel',
    operation({
      id: 'cancelCheckout',
      summary: 'Give up a payment that is not decided yet',
      description:
        'For its buyer, while `status` is `pending`: the payment waits for an action such as 3-D Secure, or for the provider. The ' +
        'items return to the cart. If the provider still works on the charge, the checkout stays `pending` and is decided within ' +
        'a minute. If the provider has charged it meanwhile, the call returns `wrong_checkout_state`. A ' +
        'repeated call returns the cancelled checkout.',
      tag,
      signed_in: true,
      params: CheckoutParam,
      answers: { 200: Checkout },
      problems: ['not_found', 'wrong_checkout_state'],
    }),
    async (c) => {
      const checkout = { checkout_id: c.req.valid('param').id, user_id: c.get('user_id') }
      const { checkout_id } = checkout
      const charge = await giveUpCheckout.maybe(c.get('sql'), checkout)
      if (charge) await settle(c, checkout_id, await c.get('payments').cancel({ checkout_id, ...charge }))
      return sendJson(c, (await withDeadline(() => showGivenUp.one(c.get('sql'), checkout))).body)
    },
  )

type Stored = { body: string | null; refusal: unknown }
type Refusal = {
  code: keyof typeof problemOfSqlstate
  message: string
  detail: Record<string, unknown>
  request_id: string | null
}

/**
 * Sends the stored response of a key: the same bytes every time. An error that frees the key is not stored, so
 * `toTooManyRequests` can replace it.
 */
function sendStored(
  c: Context<Env>,
  { body, refusal: refused }: Stored,
  replayed: boolean,
  toTooManyRequests: LimitedGateway['toTooManyRequests'] = (problem) => problem,
): Response {
  const headers = replayed ? { 'Idempotency-Replayed': 'true' } : {}
  if (refused) {
    const { code, message, detail, request_id } = refused as Refusal
    const problem = toProblem(toTooManyRequests(refusal(problemOfSqlstate[code], message, detail)))
    if (!replayed) c.set('problem', problem.code)
    Object.assign(problem.headers, headers)
    return renderProblem(problem, request_id ?? c.get('request_id'))
  }
  const { checkout_id, status } = JSON.parse(body as string)
  return sendJson(c, body as string, STATUS_CODE[status], { ...headers, Location: `/v1/checkouts/${checkout_id}` })
}
