import { Type } from '@sinclair/typebox'
import { Hono } from 'hono'
import { productPage, readProductPage } from '../cache/kinds.ts'
import { orNotFound, sendJson } from '../http/answer.ts'
import type { Env } from '../http/env.ts'
import { operation } from '../http/operation.ts'
import { PageOf, PageQuery, pageArguments, sendPage } from '../http/page.ts'
import { IfMatchHeader, readIfMatch } from '../http/precondition.ts'
import { readsOf } from '../http/reads.ts'
import { revalidated } from '../http/revalidated.ts'
import { Id, IdParam, Strict } from '../http/schemas.ts'
import { sourcesOf } from '../http/sources.ts'
import { NewQuantity, Product, ProductChanges, ProductQuantity, ProductState } from './schemas.ts'
import { archiveProduct, listOwnProducts, restoreProduct, setQuantity, showQuantity, updateProduct } from './statements.ts'

/** Mounted at `/v1/me/products`. */
export const ownProducts = new Hono<Env>().get(
  '/',
  operation({
    id: 'listOwnProducts',
    summary: 'Own listings, archived ones too, newest first',
    tag: 'Products',
    signed_in: true,
    query: Strict({ ...PageQuery, shop_id: Type.Optional(Id), state: Type.Optional(ProductState) }),
    answers: { 200: PageOf('ProductPage', Product) },
  }),
  async (c) => {
    const { shop_id = null, state = null, ...page } = c.req.valid('query')
    const { after, page_size } = pageArguments(c, page)
    const own = { owner_id: c.get('user_id'), shop_id, state }
    return sendPage(c, await listOwnProducts.many(await readsOf(c), { ...own, after, page_size }), page_size)
  },
)

export const products = new Hono<Env>()
  .get(
    '/:id',
    revalidated(),
    operation({
      id: 'getProduct',
      summary: "A product with its shop's name and rating",
      tag: 'Products',
      params: IdParam,
      etag: 'revalidated',
      answers: { 200: Product },
      problems: ['not_found'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const kept = orNotFound(await c.get('cache').get(productPage, { product_id: id }, sourcesOf(c)), 'product')
      const { body, category } = readProductPage(kept)
      c.get('views').count(id)
      c.get('metrics').add('etsy_product_views_total', { category })
      return sendJson(c, body)
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
      const { body } = await updateProduct.one(c.get('sql'), {
        product_id: c.req.valid('param').id,
        user_id: c.get('user_id'),
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
      await archiveProduct.one(c.get('sql'), { product_id: c.req.valid('param').id, user_id: c.get('user_id') })
      return c.body(null, 204)
    },
  )
  .post(
    '/:id/restore',
    operation({
      id: 'restoreProduct',
      idempotency: 'honoured',
      summary: 'Put an archived product back on the shelf',
      tag: 'Products',
      signed_in: true,
      params: IdParam,
      answers: { 200: Product },
      problems: ['not_found', 'not_owner'],
    }),
    async (c) => {
      const { body } = await restoreProduct.one(c.get('sql'), { product_id: c.req.valid('param').id, user_id: c.get('user_id') })
      return sendJson(c, body)
    },
  )
  .get(
    '/:id/quantity',
    operation({
      id: 'getQuantity',
      summary: 'The stock of a product, with the ETag that setting it needs',
      tag: 'Products',
      params: IdParam,
      etag: 'versioned',
      links: { setQuantity: { id: '$response.body#/product_id', 'If-Match': '$response.header.ETag' } },
      answers: { 200: ProductQuantity },
      problems: ['not_found'],
    }),
    async (c) => {
      const row = await showQuantity.maybe(c.get('sql'), { product_id: c.req.valid('param').id })
      const { body, version } = orNotFound(row, 'product')
      return sendJson(c, body, 200, { ETag: `"${version}"` })
    },
  )
  .put(
    '/:id/quantity',
    operation({
      id: 'setQuantity',
      summary: 'Set the stock of a product that has not changed since it was read',
      tag: 'Products',
      signed_in: true,
      params: IdParam,
      headers: IfMatchHeader,
      body: NewQuantity,
      etag: 'versioned',
      answers: { 200: ProductQuantity },
      problems: ['not_found', 'not_owner', 'precondition_failed', 'precondition_required', 'if_match_invalid'],
    }),
    async (c) => {
      const { body, version } = await setQuantity.one(c.get('sql'), {
        product_id: c.req.valid('param').id,
        user_id: c.get('user_id'),
        quantity: c.req.valid('json').quantity,
        versions: readIfMatch(c.req.header('if-match')),
      })
      return sendJson(c, body, 200, { ETag: `"${version}"` })
    },
  )
