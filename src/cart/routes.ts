import { Type } from '@sinclair/typebox'
import { Hono } from 'hono'
import { query, routine } from '../db/statement.ts'
import { Json, Nullable, Timestamptz, Void } from '../db/types.ts'
import { sendJson } from '../http/answer.ts'
import type { Env } from '../http/env.ts'
import { operation } from '../http/operation.ts'
import { Cart, CartItemAdded, CartItemChanges, CartItemParam, NewCartItem } from './schemas.ts'

const line = { user_id: Type.Integer(), product_id: Type.Integer() }
const reserveItem = routine(
  'reserve_item',
  { ...line, quantity: Type.Integer() },
  { success: Type.Boolean(), reserved_until: Nullable(Timestamptz) },
)
const changeCartItem = routine('change_cart_item', { ...line, quantity: Type.Integer() }, { body: Json })
const removeCartItem = routine('remove_cart_item', line, { remove_cart_item: Void })
const showCart = query('cart/show_cart', { user_id: Type.Integer() }, { body: Json })

const tag = 'Cart'

export const cart = new Hono<Env>()
  .get(
    '/',
    operation({ id: 'getCart', summary: 'The cart, by shop', tag, signed_in: true, answers: { 200: Cart } }),
    async (c) => {
      const { body } = await showCart.one(c.var.sql, { user_id: c.var.user_id })
      return sendJson(c, body)
    },
  )
  .post(
    '/items',
    operation({
      id: 'addCartItem',
      idempotency: 'honoured',
      summary: 'Add to the cart; an item that exists once is held for 15 minutes',
      tag,
      signed_in: true,
      body: NewCartItem,
      answers: { 201: CartItemAdded },
      problems: ['not_found', 'insufficient_stock', 'item_reserved', 'shop_on_vacation', 'cart_full', 'too_many_reservations'],
    }),
    async (c) => {
      const item = c.req.valid('json')
      const { success, reserved_until } = await reserveItem.one(c.var.sql, { user_id: c.var.user_id, ...item })
      return sendJson(c, JSON.stringify({ success, reserved_until }), 201, { Location: '/v1/cart' })
    },
  )
  .patch(
    '/items/:product_id',
    operation({
      id: 'changeCartItem',
      idempotency: 'honoured',
      summary: 'Change how many',
      tag,
      signed_in: true,
      params: CartItemParam,
      body: CartItemChanges,
      answers: { 200: Cart },
      problems: ['not_found', 'insufficient_stock', 'item_reserved', 'shop_on_vacation', 'too_many_reservations'],
    }),
    async (c) => {
      const { body } = await changeCartItem.one(c.var.sql, {
        user_id: c.var.user_id,
        ...c.req.valid('param'),
        ...c.req.valid('json'),
      })
      return sendJson(c, body)
    },
  )
  .delete(
    '/items/:product_id',
    operation({
      id: 'removeCartItem',
      idempotency: 'honoured',
      summary: 'Take out of the cart, and let go of the hold',
      tag,
      signed_in: true,
      params: CartItemParam,
      answers: { 204: null },
    }),
    async (c) => {
      await removeCartItem.one(c.var.sql, { user_id: c.var.user_id, ...c.req.valid('param') })
      return c.body(null, 204)
    },
  )
