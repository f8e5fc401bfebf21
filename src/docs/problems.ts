/** Problems for the document: their schema, and an example of each. */
import { type ProblemCode, problemKinds } from '../problem.ts'
import type { Json } from './plain_schema.ts'

const string = { type: 'string' }
const id = { type: 'integer', format: 'int64', minimum: 1 }

/** One thing that is wrong with the input, or with a line of the cart. */
export const inputErrorSchema = {
  type: 'object',
  required: ['pointer', 'detail'],
  properties: {
    pointer: {
      type: 'string',
      description:
        'A JSON pointer into the body, the name of a parameter after #/, or for a line of the cart its place in the answer of GET /v1/cart.',
    },
    detail: string,
    product_id: { ...id, description: 'The listing, where the trouble is a line of the cart.' },
    code: {
      type: 'string',
      description: 'Why the line cannot be ordered: its `unavailable_reason`, `price_changed` or `lapsed`.',
    },
  },
}

/** Further members tell a program what the detail tells a person. */
export const problemSchema = {
  type: 'object',
  required: ['type', 'title', 'status', 'detail', 'code', 'request_id'],
  properties: {
    type: { type: 'string', format: 'uri-reference' },
    title: string,
    status: { type: 'integer', minimum: 400, maximum: 599 },
    detail: string,
    code: { type: 'string', enum: Object.keys(problemKinds), description: 'For programs: stays what it is.' },
    request_id: string,
    errors: {
      type: 'array',
      description: 'Which parts of the input are wrong, or which lines of the cart are in trouble.',
      items: { $ref: '#/components/schemas/InputError' },
    },
    success: { type: 'boolean', description: 'Always false: on what could not be put into a cart or ordered.' },
    product_id: { ...id, description: 'The listing that stands in the way.' },
    shop_id: { ...id, description: 'The shop that stands in the way.' },
    checkout_id: { ...id, description: 'The checkout whose payment failed.' },
    available: { type: 'integer', minimum: 0, description: 'How many of it there are.' },
    quantity: { type: 'integer', minimum: 0, description: 'The stock as it is.' },
    limit: { type: 'integer', description: 'How many are allowed.' },
    reserved_until: { type: 'string', format: 'date-time', description: 'When the other buyer’s hold ends.' },
    vacation_message: { type: 'string', description: 'What the shop says about its vacation, if anything.' },
    total: { type: 'string', description: 'The total as it is now.' },
    order_status: { type: 'string', description: 'The status of the order.' },
  },
}

/** What is said where the title alone would say little. */
const tellings: Partial<Record<ProblemCode, Json>> = {
  invalid_input: {
    detail: '#/price: must be a valid string',
    errors: [{ pointer: '#/price', detail: 'must be a valid string' }],
  },
  invalid_query: {
    detail: 'There is no query parameter "colour".',
    errors: [{ pointer: '#/colour', detail: 'is not a known query parameter' }],
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
        product_id: 1,
        code: 'insufficient_stock',
      },
    ],
  },
  item_reserved: {
    detail: 'Someone else is checking out...',
    success: false,
    product_id: 1,
    reserved_until: '2026-11-23T09:45:00.000Z',
  },
  price_changed: {
    detail: 'The total is now $49.00. Send it as expected_total to accept it.',
    total: '49.00',
    errors: [
      {
        pointer: '#/shops/0/items/1',
        detail: '"A blue bowl" costs $12.00 now, not $10.00.',
        product_id: 1,
        code: 'price_changed',
      },
    ],
  },
  wrong_order_state: { detail: 'The order is shipped.', order_status: 'shipped' },
  precondition_failed: { detail: 'The listing has changed since you read it.', quantity: 3 },
}

/** An example of each problem by its code; `components.examples` takes those that a call refers to. */
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
