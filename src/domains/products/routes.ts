import { Type } from '@sinclair/typebox'
import { type Context, Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { authenticate } from '../../http/operation/authenticate.ts'
import { operation } from '../../http/operation/operation.ts'
import { PageOf, PageQuery, pageArguments, sendPage } from '../../http/pagination.ts'
import { IfMatchHeader, OptionalIfMatchHeader, readIfMatch, readOptionalIfMatch } from '../../http/precondition.ts'
import { loaderContext, readerOf } from '../../http/read_routing.ts'
import { orNotFound, sendJson, sendVersioned, versionedTag } from '../../http/respond.ts'
import { Id, IdParam, Strict } from '../../http/schemas.ts'
import { productPage, readProductPage } from './cache.ts'
import { Postage, PostageQuery, Product, ProductChanges, ProductQuantity, ProductState, QuantityInput } from './schemas.ts'
import {
  archiveProduct,
  copyProduct,
  listOwnProducts,
  restoreProduct,
  setQuantity,
  showDraft,
  showPostage,
  showQuantity,
  updateProduct,
} from './statements.ts'

/** Mounted at `/v1/me/products`. */
export const ownProducts = new Hono<Env>().get(
  '/',
  operation({
    id: 'listOwnProducts',
    summary: 'List your products, newest first',
    description:
      'The products of all your shops; `shop_id` and `state` narrow the list. Archived products and drafts ' +
      'are in this list only.',
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

/** Sends a draft to its owner, for no cache to keep. Reads the token only now, because most calls are for a public page. */
async function sendDraft(c: Context<Env>, product_id: number): Promise<Response> {
  if (c.req.header('authorization') !== undefined) await authenticate(c)
  const user_id = c.get('user_id')
  const draft = orNotFound(user_id ? await showDraft.maybe(c.get('sql'), { product_id, user_id }) : null, 'product')
  return sendJson(c, draft.body, 200, { ETag: `"${versionedTag(draft)}"`, 'Cache-Control': 'no-store' })
}

export const products = new Hono<Env>()
  .get(
    '/:id',
    operation({
      id: 'getProduct',
      summary: "Read a product and its shop's name, rating and vacation",
      description:
        'Public. Each call counts as a view. A sold-out product has `quantity` 0. An archived product returns ' +
        '`not_found`, and so does a draft, except for its owner. `quantity` is the stock on hand, including units that ' +
        'buyers hold.',
      tag: 'Products',
      signed_in: 'late',
      params: IdParam,
      etag: 'revalidated',
      answers: { 200: Product },
      problems: ['not_found'],
    }),
    async (c) => {
      const { id } = c.req.valid('param')
      const kept = await c.get('cache').get(productPage, { product_id: id }, loaderContext(c))
      if (kept === null) return sendDraft(c, id)
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
        'stock again and repeat the change. `is_draft: false` publishes a draft. In a product with variants, `base_price` is ' +
        'the price of those without one of their own. A new `price` sets it too, and the `price` that the product shows ' +
        'changes nothing. `options` has all options in their order, with each value that a variant has; a new second option ' +
        'gives its first value to all variants. With `stock_by` `variant` send `variant_quantities`, which need `If-Match` ' +
        'too. On `item_held`, a buyer holds the product, or is paying for it, until `reserved_until`.',
      tag: 'Products',
      signed_in: true,
      params: IdParam,
      headers: OptionalIfMatchHeader,
      body: ProductChanges,
      etag: 'versioned',
      answers: { 200: Product },
      problems: [...ownerChange, 'sku_taken', 'item_held', 'precondition_required'],
    }),
    async (c) => {
      const changes = c.req.valid('json')
      const sets_stock = 'quantity' in changes || 'variant_quantities' in changes
      const change = changeOf(c, c.req.valid('param').id, sets_stock ? readIfMatch : readOptionalIfMatch)
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
        '/v1/products/{id}/restore` brings it back. A draft becomes an archived product.',
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
      description: "For the shop's owner. The product is on sale again, with the stock that it had. A draft stays a draft.",
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
  .post(
    '/:id/copy',
    operation({
      id: 'copyProduct',
      idempotency: 'honored',
      summary: 'Copy a product to a draft',
      description:
        "For the shop's owner. The draft has everything of the product, also its variants and stock, but no `sku`. " +
        '`PATCH /v1/products/{id}` with `is_draft: false` publishes it.',
      tag: 'Products',
      signed_in: true,
      params: IdParam,
      links: { updateProduct: { id: '$response.body#/id' } },
      answers: { 201: Product },
      problems: ['not_found', 'not_owner', 'quota_exceeded', 'email_unverified'],
    }),
    async (c) => {
      const rules = { quota_scale: c.get('quota_scale'), requires_verified: c.get('requires_verified') }
      const [product_id, user_id] = [c.req.valid('param').id, c.get('user_id')]
      const { id, body } = await copyProduct.one(c.get('sql'), { product_id, user_id, ...rules })
      return sendJson(c, body, 201, { Location: `/v1/products/${id}` })
    },
  )
  .get(
    '/:id/shipping',
    operation({
      id: 'getPostage',
      summary: 'Read the postage and the delivery of a product to a country',
      description:
        'Public. The postage and the estimated delivery of a cart with one unit that is paid today. A variant can have ' +
        'processing days of its own. `GET /v1/cart` quotes for all units of a shop.',
      tag: 'Products',
      params: IdParam,
      query: PostageQuery,
      answers: { 200: Postage },
      problems: ['not_found', 'variant_unknown'],
    }),
    async (c) => {
      const { country = null, variant_id = null } = c.req.valid('query')
      const product = { product_id: c.req.valid('param').id, country, variant_id }
      return sendJson(c, orNotFound(await showPostage.maybe(await readerOf(c), product), 'product').body)
    },
  )
  .get(
    '/:id/quantity',
    operation({
      id: 'getQuantity',
      summary: 'Read the stock of a product',
      description:
        'Read it before you set the stock, and send its ETag as `If-Match`. Only its owner can read the stock of an ' +
        'archived product or a draft.',
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
