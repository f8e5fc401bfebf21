import { type Context, Hono } from 'hono'
import { cartLines } from '../cache/kinds.ts'
import { sendJson } from '../http/answer.ts'
import type { Env } from '../http/env.ts'
import { operation } from '../http/operation.ts'
import { sourcesOf } from '../http/sources.ts'
import { Cart, CartItemAdded, CartItemChanges, CartItemInput, CartItemParam } from './schemas.ts'
import { changeCartItem, removeCartItem, reserveItem, showCart } from './statements.ts'

const tag = 'Cart'

export const cart = new Hono<Env>()
  .get(
    '/',
    operation({
      id: 'getCart',
      summary: 'Read the cart',
      description:
        'Groups the lines by shop, because each shop becomes an order of its own. `reserved_until` says until when a line is held. A line that cannot be ordered stays, with `available` false and an `unavailable_reason`, and the totals leave it out. After a hold has lapsed, the line can still be ordered until somebody else takes the item or a minute or two have passed; then `lapsed` names it for a day. Send `total` as `expected_total` when you check out.',
      tag,
      signed_in: true,
      answers: { 200: Cart },
    }),
    async (c) => {
      const [user_id, cache, sql] = [c.get('user_id'), c.get('cache'), c.get('sql')]
      const kept = await cache.get(cartLines, { user_id }, sourcesOf(c))
      const body = kept?.fresh ?? (await showCart.one(sql, { user_id, kept_lines: kept?.text ?? null })).body
      return sendJson(c, body)
    },
  )
  .post(
    '/items',
    operation({
      id: 'addCartItem',
      idempotency: 'honoured',
      summary: 'Add to the cart; the only one of an item is held for 15 minutes',
      description:
        'An item of which there is one is held for you for 15 minutes in any 75: until `reserved_until` nobody else can check it out. An item of which there are more is not held, and quantities add up. On `item_reserved` another buyer holds the item: try again after `reserved_until`. On `insufficient_stock` take at most `available`.',
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
      ],
    }),
    async (c) => {
      const item = c.req.valid('json')
      const added = await reserveItem.one(c.get('sql'), { user_id: c.get('user_id'), ...item })
      countHold(c, added)
      const { success, reserved_until } = added
      return sendJson(c, JSON.stringify({ success, reserved_until }), 201, { Location: '/v1/cart' })
    },
  )
  .patch(
    '/items/:product_id',
    operation({
      id: 'changeCartItem',
      idempotency: 'honoured',
      summary: 'Change the quantity of a line',
      description:
        'Sets the quantity and answers the whole cart. It refuses what adding would refuse, and leaves the line as it was then.',
      tag,
      signed_in: true,
      params: CartItemParam,
      body: CartItemChanges,
      answers: { 200: Cart },
      problems: ['not_found', 'insufficient_stock', 'item_reserved', 'shop_on_vacation', 'own_item', 'too_many_reservations'],
    }),
    async (c) => {
      const changed = await changeCartItem.one(c.get('sql'), {
        user_id: c.get('user_id'),
        ...c.req.valid('param'),
        ...c.req.valid('json'),
      })
      countHold(c, changed)
      return sendJson(c, changed.body)
    },
  )
  .delete(
    '/items/:product_id',
    operation({
      id: 'removeCartItem',
      idempotency: 'honoured',
      summary: 'Remove a line, and end its hold',
      description:
        'Removes the line and ends its hold, so that others can buy the item. It answers 204 also where the cart has no such line.',
      tag,
      signed_in: true,
      params: CartItemParam,
      answers: { 204: null },
    }),
    async (c) => {
      await removeCartItem.one(c.get('sql'), { user_id: c.get('user_id'), ...c.req.valid('param') })
      return c.body(null, 204)
    },
  )

function countHold(c: Context<Env>, { is_new_hold }: { is_new_hold: boolean }): void {
  if (is_new_hold) c.get('afterCommit')(() => c.get('metrics').add('etsy_reservations_created_total', {}))
}
