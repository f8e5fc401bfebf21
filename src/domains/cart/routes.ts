import { type Context, Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { loaderContext } from '../../http/read_routing.ts'
import { sendJson } from '../../http/respond.ts'
import { cartLines } from './cache.ts'
import { Cart, CartItemAdded, CartItemChanges, CartItemInput, CartItemParam, CartLineParam, CartQuery } from './schemas.ts'
import { changeCartItem, changeCartLine, removeCartItem, removeCartLine, reserveItem, showCart } from './statements.ts'

const tag = 'Cart'

/** The declaration that calls that change a line share. */
const change = {
  tag,
  signed_in: true,
  idempotency: 'honored',
  body: CartItemChanges,
  answers: { 200: Cart },
} as const
const CHANGE_PROBLEMS = [
  'not_found',
  'insufficient_stock',
  'item_reserved',
  'shop_on_vacation',
  'own_item',
  'too_many_reservations',
  'personalization_required',
] as const

/** The declaration that calls that remove a line share. */
const removal = { tag, signed_in: true, idempotency: 'honored', answers: { 204: null } } as const

export const cart = new Hono<Env>()
  .get(
    '/',
    operation({
      id: 'getCart',
      summary: 'Read the cart',
      description:
        'Groups the lines by shop, because each shop gets its own order. `reserved_until` is the end of a hold. A line ' +
        'that cannot be ordered has `available` false and an `unavailable_reason`, and the totals exclude it. After a ' +
        'hold ends, the line can still be ordered until another buyer takes the item, for one to two minutes at most. ' +
        'Then the line leaves the cart, and `lapsed` lists it for a day. Shipping is that to `country`; a line that the ' +
        'shop does not send there has the reason `not_shippable`. A line whose text is missing, too long or no longer taken ' +
        'has `personalization_required`: remove it and add the item again. Send `total` as `expected_total` when you check out, ' +
        'plus what a chosen upgrade adds: its `price`, and its `per_extra_item` for each further unit of the shop.',
      tag,
      signed_in: true,
      query: CartQuery,
      answers: { 200: Cart },
    }),
    async (c) => {
      const { country = null } = c.req.valid('query')
      const [user_id, cache, sql] = [c.get('user_id'), c.get('cache'), c.get('sql')]
      const kept = await cache.get(cartLines, { user_id }, loaderContext(c))
      // The fresh page is that without a country.
      const fresh = country === null ? kept?.fresh : undefined
      const body = fresh ?? (await showCart.one(sql, { user_id, cached_lines: kept?.text ?? null, country })).body
      return sendJson(c, body)
    },
  )
  .post(
    '/items',
    operation({
      id: 'addCartItem',
      idempotency: 'honored',
      summary: 'Add an item to the cart; a one-of-a-kind item is held for 15 minutes',
      description:
        'An item with stock 1 is held for you for 15 minutes in any 75: until `reserved_until` no other buyer can check ' +
        'it out. An item with more stock is not held, and quantities add up. On `item_reserved`, another buyer holds the ' +
        'item: try again after `reserved_until`. On `insufficient_stock`, request at most `available`. A listing with ' +
        'variants needs a `variant_id`. The units join the line of the same variant with the same `personalization`; ' +
        'another text makes another line.',
      tag,
      signed_in: true,
      body: CartItemInput,
      answers: { 201: CartItemAdded },
      problems: [
        'not_found',
        'insufficient_stock',
        'item_reserved',
        'shop_on_vacation',
        'own_item',
        'cart_full',
        'too_many_reservations',
        'variant_required',
        'variant_unknown',
        'personalization_required',
      ],
    }),
    async (c) => {
      const { variant_id = null, personalization = null, ...item } = c.req.valid('json')
      const added = await reserveItem.one(c.get('sql'), { user_id: c.get('user_id'), ...item, variant_id, personalization })
      countHold(c, added)
      const { success, reserved_until, line_id } = added
      return sendJson(c, JSON.stringify({ success, reserved_until, line_id }), 201, { Location: '/v1/cart' })
    },
  )
  .patch(
    '/lines/:line_id',
    operation({
      ...change,
      id: 'changeCartLine',
      summary: 'Change the quantity of a line',
      description:
        'Sets the quantity and returns the whole cart. The call refuses what adding would refuse, and then leaves the ' +
        'line as it was.',
      params: CartLineParam,
      problems: CHANGE_PROBLEMS,
    }),
    async (c) => {
      const line = { user_id: c.get('user_id'), ...c.req.valid('param'), ...c.req.valid('json') }
      const changed = await changeCartLine.one(c.get('sql'), line)
      countHold(c, changed)
      return sendJson(c, changed.body)
    },
  )
  .delete(
    '/lines/:line_id',
    operation({
      ...removal,
      id: 'removeCartLine',
      summary: 'Remove a line, and end its hold',
      description:
        'Removes the line and ends its hold, so that others can buy the item. The response is also 204 if the cart has no ' +
        'such line.',
      params: CartLineParam,
    }),
    async (c) => {
      await removeCartLine.one(c.get('sql'), { user_id: c.get('user_id'), ...c.req.valid('param') })
      return c.body(null, 204)
    },
  )
  .patch(
    '/items/:product_id',
    operation({
      ...change,
      id: 'changeCartItem',
      summary: 'Change the quantity of the only line of a product',
      description:
        'Like `changeCartLine`, for a product with one line in the cart. If it has several lines, the error is ' +
        '`ambiguous_line` with their `line_ids`.',
      params: CartItemParam,
      problems: [...CHANGE_PROBLEMS, 'ambiguous_line'],
    }),
    async (c) => {
      const item = { user_id: c.get('user_id'), ...c.req.valid('param'), ...c.req.valid('json') }
      const changed = await changeCartItem.one(c.get('sql'), item)
      countHold(c, changed)
      return sendJson(c, changed.body)
    },
  )
  .delete(
    '/items/:product_id',
    operation({
      ...removal,
      id: 'removeCartItem',
      summary: 'Remove the only line of a product, and end its hold',
      description:
        'Like `removeCartLine`, for a product with at most one line in the cart. If it has several lines, the error is ' +
        '`ambiguous_line` with their `line_ids`.',
      params: CartItemParam,
      problems: ['ambiguous_line'],
    }),
    async (c) => {
      await removeCartItem.one(c.get('sql'), { user_id: c.get('user_id'), ...c.req.valid('param') })
      return c.body(null, 204)
    },
  )

function countHold(c: Context<Env>, { is_new_hold }: { is_new_hold: boolean }): void {
  if (is_new_hold) c.get('afterCommit')(() => c.get('metrics').add('etsy_reservations_created_total', {}))
}
