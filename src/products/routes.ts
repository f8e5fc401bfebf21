import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { orNotFound, sendJson } from '../http/answer.ts'
import type { Env } from '../http/env.ts'
import { operation } from '../http/operation.ts'
import { IdParam } from '../http/schemas.ts'
import { Product, ProductChanges } from './schemas.ts'
import { archiveProduct, showProduct, updateProduct } from './statements.ts'

export const products = new Hono<Env>()
  .get(
    '/:id',
    etag(),
    operation({
      id: 'getProduct',
      summary: "A product with its shop's name and rating",
      tag: 'Products',
      params: IdParam,
      answers: { 200: Product },
      problems: ['not_found'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const product = orNotFound(await showProduct.maybe(c.var.sql, { product_id: id }), 'product')
      c.var.views.count(id)
      return sendJson(c, product.body, 200, { 'Cache-Control': 'no-cache' })
    },
  )
  .patch(
    '/:id',
    operation({
      id: 'updateProduct',
      idempotency: 'honoured',
      summary: 'Change a product',
      tag: 'Products',
      signed_in: true,
      params: IdParam,
      body: ProductChanges,
      answers: { 200: Product },
      problems: ['not_found', 'not_owner', 'sku_taken'],
    }),
    async (c) => {
      const { body } = await updateProduct.one(c.var.sql, {
        product_id: c.req.valid('param').id,
        user_id: c.var.user_id,
        changes: c.req.valid('json'),
      })
      return sendJson(c, body)
    },
  )
  .delete(
    '/:id',
    operation({
      id: 'archiveProduct',
      idempotency: 'honoured',
      summary: 'Archive a product',
      tag: 'Products',
      signed_in: true,
      params: IdParam,
      answers: { 204: null },
      problems: ['not_found', 'not_owner'],
    }),
    async (c) => {
      await archiveProduct.one(c.var.sql, { product_id: c.req.valid('param').id, user_id: c.var.user_id })
      return c.body(null, 204)
    },
  )
