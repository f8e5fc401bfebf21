import { Type } from '@sinclair/typebox'
import { type Context, Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { PageOf, PageQuery, pageArguments, sendPage } from '../../http/pagination.ts'
import { IfMatchHeader, OptionalIfMatchHeader, readIfMatch, readOptionalIfMatch } from '../../http/precondition.ts'
import { loaderContext, readerOf } from '../../http/read_routing.ts'
import { orNotFound, sendJson, sendVersioned } from '../../http/respond.ts'
import { Id, IdParam, Strict } from '../../http/schemas.ts'
import { productPage, readProductPage } from './cache.ts'
import { Product, ProductChanges, ProductQuantity, ProductState, QuantityInput } from './schemas.ts'
import { archiveProduct, listOwnProducts, restoreProduct, setQuantity, showQuantity, updateProduct } from './statements.ts'

/** Mounted at `/v1/me/products`. */
export const ownProducts = new Hono<Env>().get(
  '/',
  operation({
    id: 'listOwnProducts',
    summary: 'List your products, newest first',
    description:
      'The products of all your shops; `shop_id` and `state` narrow the list. Archived products are in this list only.',
    tag: 'Products',
    signed_in: true,
    query: Strict({ ...PageQuery, shop_id: Type.Optional(Id), state: Type.Optional(ProductState) }),
    answers: { 200: PageOf('ProductPage', Product) },
  }),
  async (c) => {
    const { shop_id = null, state = null, ...page } = c.req.valid('query')
    const { after, page_size } = pageArguments(c, page)
    const own = { owner_id: c.get('user_id'), shop_id, state }
    return sendPage(c, await listOwnProducts.many(await readerOf(c), { ...own, after, page_size }), page_size)
  },
)

/** The problems of every change by the owner. */
const ownerChange = ['not_found', 'not_owner', 'precondition_failed', 'if_match_invalid'] as const

/** The listing to change, and the accepted versions of it. */
const changeOf = (c: Context<Env>, product_id: number, read = readOptionalIfMatch) => ({
  product_id,
  user_id: c.get('user_id'),
  versions: read(c.req.header('if-match')),
})

export const products = new Hono<Env>()
  .get(
    '/:id',
    operation({
      id: 'getProduct',
      summary: "Read a product and its shop's name, rating and vacation",
      description:
        'Public. Each call counts as a view. A sold-out product has `quantity` 0. An archived product returns ' +
        '`not_found`. `quantity` is the stock on hand, including units that buyers hold.',
      tag: 'Products',
      params: IdParam,
      etag: 'revalidated',
      answers: { 200: Product },
      problems: ['not_found'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const kept = orNotFound(await c.get('cache').get(productPage, { product_id: id }, loaderContext(c)), 'product')
      const { category, body, etag } = readProductPage(kept)
      c.get('views').count(id)
      c.get('metrics').add('etsy_product_views_total', { category })
      return sendJson(c, body, 200, { ETag: `"${etag}"` })
    },
  )
  .patch(
    '/:id',
    operation({
      id: 'updateProduct',
      idempotency: 'honored',
      summary: 'Change a product; its stock only with If-Match',
      description:
        "For the shop's owner. Changes the fields that you send. `quantity` needs `If-Match` with the ETag of `GET " +
        '/v1/products/{id}/quantity`, because a sale can change the stock meanwhile. On `precondition_failed`, read the ' +
        'stock again and repeat the change.',
      tag: 'Products',
      signed_in: true,
      params: IdParam,
      headers: OptionalIfMatchHeader,
      body: ProductChanges,
      etag: 'versioned',
      answers: { 200: Product },
      problems: [...ownerChange, 'sku_taken', 'precondition_required'],
    }),
    async (c) => {
      const changes = c.req.valid('json')
      const change = changeOf(c, c.req.valid('param').id, 'quantity' in changes ? readIfMatch : readOptionalIfMatch)
      return sendVersioned(c, await updateProduct.one(c.get('sql'), { ...change, changes }))
    },
  )
  .delete(
    '/:id',
    operation({
      id: 'archiveProduct',
      idempotency: 'honored',
      summary: 'Archive a product',
      description:
        "For the shop's owner. The product leaves search and all public lists; orders keep it. `POST " +
        '/v1/products/{id}/restore` brings it back.',
      tag: 'Products',
      signed_in: true,
      params: IdParam,
      headers: OptionalIfMatchHeader,
      answers: { 204: null },
      problems: ownerChange,
    }),
    async (c) => {
      await archiveProduct.one(c.get('sql'), changeOf(c, c.req.valid('param').id))
      return c.body(null, 204)
    },
  )
  .post(
    '/:id/restore',
    operation({
      id: 'restoreProduct',
      idempotency: 'honored',
      summary: 'Put an archived product on sale again',
      description: "For the shop's owner. The product is on sale again, with the stock that it had.",
      tag: 'Products',
      signed_in: true,
      params: IdParam,
      headers: OptionalIfMatchHeader,
      etag: 'versioned',
      answers: { 200: Product },
      problems: ownerChange,
    }),
    async (c) => sendVersioned(c, await restoreProduct.one(c.get('sql'), changeOf(c, c.req.valid('param').id))),
  )
  .get(
    '/:id/quantity',
    operation({
      id: 'getQuantity',
      summary: 'Read the stock of a product',
      description:
        'Read it before you set the stock, and send its ETag as `If-Match`. Only its owner can read the stock of an ' +
        'archived product.',
      tag: 'Products',
      signed_in: 'optional',
      params: IdParam,
      etag: 'versioned',
      links: { setQuantity: { id: '$response.body#/product_id', 'If-Match': '$response.header.ETag' } },
      answers: { 200: ProductQuantity },
      problems: ['not_found'],
    }),
    async (c) => {
      const row = await showQuantity.maybe(c.get('sql'), { product_id: c.req.valid('param').id, user_id: c.get('user_id') })
      const { body, version } = orNotFound(row, 'product')
      return sendJson(c, body, 200, { ETag: `"${version}"` })
    },
  )
  .put(
    '/:id/quantity',
    operation({
      id: 'setQuantity',
      summary: 'Set the stock of a product',
      description:
        "For the shop's owner. Send the new stock, with the ETag of `GET /v1/products/{id}/quantity` as `If-Match`. If " +
        'the stock has changed since, the call writes nothing and returns `precondition_failed` with the current ' +
        '`quantity`. Then read the stock again and repeat the change.',
      tag: 'Products',
      signed_in: true,
      params: IdParam,
      headers: IfMatchHeader,
      body: QuantityInput,
      etag: 'versioned',
      answers: { 200: ProductQuantity },
      problems: [...ownerChange, 'precondition_required'],
    }),
    async (c) => {
      const change = changeOf(c, c.req.valid('param').id, readIfMatch)
      const { body, version } = await setQuantity.one(c.get('sql'), { ...change, ...c.req.valid('json') })
      return sendJson(c, body, 200, { ETag: `"${version}"` })
    },
  )
