/** Problems in the OpenAPI document: their schema, and one example each. */
import { type ProblemCode, problemKinds } from '../../platform/problem.ts'
import type { Json } from './plain_schema.ts'

const string = { type: 'string' }
const id = { type: 'integer', format: 'int64', minimum: 1 }

/** One error in the input, or in a line of the cart or of an order. */
export const inputErrorSchema = {
  type: 'object',
  required: ['pointer', 'detail'],
  properties: {
    pointer: {
      type: 'string',
      description:
        'A JSON pointer into the body, `#/` and the name of a parameter, or the place of a cart line in the response of ' +
        'GET /v1/cart.',
    },
    detail: string,
    line_id: { ...id, description: 'The line, if the error is in a line of the cart or of an order.' },
    product_id: { ...id, description: 'The listing, if the error is in a line of the cart.' },
    code: {
      type: 'string',
      description: 'The reason for a line of the cart: its `unavailable_reason`, `price_changed` or `lapsed`.',
    },
  },
}

/** The members beyond RFC 9457 give a program the facts of `detail`. */
export const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: string,
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: string,
    code: { type: 'string', enum: Object.keys(problemKinds), description: 'The stable code of the problem, for programs.' },
    request_id: string,
    errors: {
      type: 'array',
      description: 'The wrong parts of the input, or the lines that cannot be ordered, shipped or refunded.',
      items: { $ref: '#/components/schemas/InputError' },
    },
    line_ids: { type: 'array', items: id, description: 'The lines of the cart, one of which the call must name.' },
    success: { type: 'boolean', description: 'Always false. Present if an item could not be added to the cart or ordered.' },
    product_id: { ...id, description: 'The listing that caused the problem.' },
    shop_id: { ...id, description: 'The shop that caused the problem.' },
    checkout_id: { ...id, description: 'The checkout whose payment failed.' },
    available: { type: 'integer', minimum: 0, description: 'The number of units in stock.' },
    quantity: { type: 'integer', minimum: 0, description: 'The current stock.' },
    limit: { type: 'integer', description: 'The maximum.' },
    quota: { type: 'string', description: 'What the account or the shop has its maximum of.' },
    reserved_until: { type: 'string', format: 'date-time', description: 'The end of the buyer’s hold.' },
    vacation_message: { type: 'string', description: 'The shop’s message about its vacation.' },
    total: { type: 'string', description: 'The current total.' },
    refundable: { type: 'string', description: 'The amount of the order that can still be refunded, in US dollars.' },
    payable: { type: 'string', description: 'The amount that is available to the shop, in US dollars.' },
    min: { type: 'string', description: 'The smallest total that the payment provider charges, or the smallest payout.' },
    max: { type: 'string', description: 'The largest total that the payment provider charges.' },
    checkout_status: { type: 'string', description: 'The current status of the checkout.' },
    product_ids: { type: 'array', items: id, description: 'Listings that use the profile, at most 100.' },
    order_ids: { type: 'array', items: id, description: 'The open orders, at most 100.' },
    shop_ids: { type: 'array', items: id, description: 'The shops of the account that have a balance.' },
    cancellable_from: { type: 'string', format: 'date', description: 'From this day on the buyer can cancel the order.' },
    order_status: { type: 'string', description: 'The current status of the order.' },
  },
}

/** Members of the examples for problems whose title alone gives little information. */
const tellings: Partial<Record<ProblemCode, Json>> = {
  invalid_input: {
    detail: '#/price: must be a valid string',
    errors: [{ pointer: '#/price', detail: 'must be a valid string' }],
  },
  invalid_query: {
    detail: 'The query parameter "color" does not exist.',
    errors: [{ pointer: '#/color', detail: 'is not a known query parameter' }],
  },
  insufficient_stock: {
    detail: 'Only 2 left of "A blue bowl".',
    success: false,
    product_id: 1,
    available: 2,
    errors: [
      {
        pointer: '#/shops/0/items/1',
        detail: 'Only 2 left of "A blue bowl".',
        line_id: 1,
        product_id: 1,
        code: 'insufficient_stock',
      },
    ],
  },
  variant_required: {
    detail: '"A linen shirt" has variants. Send the id of one as variant_id.',
    success: false,
    product_id: 1,
    errors: [{ pointer: '#/variant_id', detail: '"A linen shirt" has variants. Send the id of one as variant_id.' }],
  },
  personalization_required: {
    detail: '"A silver ring" needs a personalization: The initials to engrave.',
    success: false,
    product_id: 1,
    errors: [{ pointer: '#/personalization', detail: '"A silver ring" needs a personalization: The initials to engrave.' }],
  },
  item_reserved: {
    detail: 'Someone else is checking out...',
    success: false,
    product_id: 1,
    reserved_until: '2026-11-23T09:45:00.000Z',
  },
  item_held: {
    detail: 'A buyer holds the item. Repeat the change after reserved_until.',
    product_id: 1,
    reserved_until: '2026-11-23T09:45:00.000Z',
  },
  price_changed: {
    detail: 'The total is now $49.00. Send it as expected_total to accept it.',
    total: '49.00',
    errors: [
      {
        pointer: '#/shops/0/items/1',
        detail: '"A blue bowl" now costs $12.00 instead of $10.00.',
        product_id: 1,
        code: 'price_changed',
      },
    ],
  },
  refund_exceeds_order: { detail: 'Only $0.50 of this order can still be refunded.', refundable: '0.50' },
  wrong_order_state: { detail: 'The order is shipped. It cannot become cancelled.', order_status: 'shipped' },
  amount_out_of_range: {
    detail: 'The total is $0.20. The payment provider charges $0.50 to $999999.99 at once.',
    min: '0.50',
    max: '999999.99',
    total: '0.20',
  },
  quota_exceeded: { detail: 'A shop can have at most 50 sections. Remove one first.', quota: 'sections', limit: 50 },
  balance_open: { detail: 'A shop of the account has a balance. Delete the account after it is paid out.', shop_ids: [1] },
  payout_below_minimum: {
    detail: '$12.50 are available. A payout needs at least $25.00.',
    payable: '12.50',
    min: '25.00',
  },
  wrong_checkout_state: { detail: 'The checkout is already paid. It can no longer be cancelled.', checkout_status: 'paid' },
  precondition_failed: { detail: 'The listing has changed since you read it. Read it again and repeat the change.', quantity: 3 },
}

/** One example for each problem code. `components.examples` contains the ones that a call refers to. */
export const problemExamples: Json = Object.fromEntries(
  Object.entries(problemKinds).map(([code, { status, title }]) => [
    code,
    { summary: title, value: exampleProblem(code, status, title) },
  ]),
)

function exampleProblem(code: string, status: number, title: string): Json {
  const telling = tellings[code as ProblemCode] ?? { detail: `${title}.` }
  return { type: `/problems/${code}`, title, status, code, ...telling, request_id: '0c8f2c8e-6c1b-4a6b-9d0a-3f5f0c3b7f1e' }
}
