import { type Context, Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { PageOf, PageQuery, pageArguments, sendPage } from '../../http/pagination.ts'
import { IfMatchHeader, OptionalIfMatchHeader, readIfMatch, readOptionalIfMatch } from '../../http/precondition.ts'
import { orNotFound, sendJson, sendVersioned, versionedTag } from '../../http/respond.ts'
import { IdParam, Strict } from '../../http/schemas.ts'
import { QuantityInput, Variant, VariantInput } from '../products/schemas.ts'
import { showQuantity } from '../products/statements.ts'
import { VariantChanges, VariantQuantity } from './schemas.ts'
import {
  addVariant,
  archiveVariant,
  listVariants,
  setVariantQuantity,
  showVariant,
  showVariantQuantity,
  updateVariant,
} from './statements.ts'

const tag = 'Products'

/** The problems of every change by the owner. */
const ownerChange = ['not_found', 'not_owner', 'precondition_failed', 'if_match_invalid'] as const

/** The variant to change, and the accepted versions of it. */
const changeOf = (c: Context<Env>, variant_id: number, read = readOptionalIfMatch) => ({
  variant_id,
  user_id: c.get('user_id'),
  versions: read(c.req.header('if-match')),
})

/** Mounted at `/v1/products`. */
export const productVariants = new Hono<Env>()
  .get(
    '/:id/variants',
    operation({
      id: 'listVariants',
      summary: 'List the variants of a product, oldest first',
      description: 'Public. Only the owner of the shop can list the variants of an archived product or of a draft.',
      tag,
      signed_in: 'optional',
      params: IdParam,
      query: Strict(PageQuery),
      answers: { 200: PageOf('VariantPage', Variant) },
      problems: ['not_found'],
    }),
    async (c) => {
      const { after, page_size } = pageArguments(c, c.req.valid('query'))
      const product = { product_id: c.req.valid('param').id, user_id: c.get('user_id') }
      const rows = await listVariants.many(c.get('sql'), { ...product, after, page_size })
      if (rows.length === 0) orNotFound(await showQuantity.maybe(c.get('sql'), product), 'product')
      return sendPage(c, rows, page_size)
    },
  )
  .post(
    '/:id/variants',
    operation({
      id: 'addVariant',
      idempotency: 'honored',
      summary: 'Add a variant to a product',
      description:
        "For the shop's owner. The product needs `options` first: the variant has one value of each. Without `price` the variant " +
        'costs the `base_price` of the product, and the first variant its `price`. It takes a `quantity` only if the ' +
        '`stock_by` of the product is `variant`. On `item_held`, a buyer holds the product, which has no variants yet.',
      tag,
      signed_in: true,
      params: IdParam,
      body: VariantInput,
      etag: 'versioned',
      links: { getVariant: { id: '$response.body#/id' }, updateVariant: { id: '$response.body#/id' } },
      answers: { 201: Variant },
      problems: ['not_found', 'not_owner', 'sku_taken', 'item_held'],
    }),
    async (c) => {
      const added = { product_id: c.req.valid('param').id, user_id: c.get('user_id'), variant: c.req.valid('json') }
      const row = await addVariant.one(c.get('sql'), added)
      return sendJson(c, row.body, 201, { ETag: `"${versionedTag(row)}"`, Location: `/v1/variants/${row.id}` })
    },
  )

/** Mounted at `/v1/variants`. */
export const variants = new Hono<Env>()
  .get(
    '/:id',
    operation({
      id: 'getVariant',
      summary: 'Read a variant of a product',
      description: 'Public. `price` is what it costs. Only its owner can read a variant of an archived product or of a draft.',
      tag,
      signed_in: 'optional',
      params: IdParam,
      etag: 'versioned',
      answers: { 200: Variant },
      problems: ['not_found'],
    }),
    async (c) => {
      const row = await showVariant.maybe(c.get('sql'), { variant_id: c.req.valid('param').id, user_id: c.get('user_id') })
      return sendVersioned(c, orNotFound(row, 'variant'))
    },
  )
  .patch(
    '/:id',
    operation({
      id: 'updateVariant',
      idempotency: 'honored',
      summary: 'Change a variant; its stock only with If-Match',
      description:
        "For the shop's owner. Changes the fields that you send; the other variants stay as they are. With `price: null` the " +
        'variant costs the `base_price` of the product, and the `price` that it shows changes nothing. `quantity` needs ' +
        '`If-Match` with the ETag of the variant, because a sale can change the stock meanwhile. On `item_held`, a buyer holds ' +
        'the variant or is paying for it, so its `option_values` stay.',
      tag,
      signed_in: true,
      params: IdParam,
      headers: OptionalIfMatchHeader,
      body: VariantChanges,
      etag: 'versioned',
      answers: { 200: Variant },
      problems: [...ownerChange, 'sku_taken', 'item_held', 'precondition_required'],
    }),
    async (c) => {
      const changes = c.req.valid('json')
      const change = changeOf(c, c.req.valid('param').id, 'quantity' in changes ? readIfMatch : readOptionalIfMatch)
      const row = await updateVariant.one(c.get('sql'), { ...change, changes })
      return sendVersioned(c, row)
    },
  )
  .delete(
    '/:id',
    operation({
      id: 'archiveVariant',
      idempotency: 'honored',
      summary: 'Archive a variant',
      description:
        "For the shop's owner. Nobody can buy the variant any more; orders keep it. A product without variants has one stock again, " +
        'with the quantity that it had. On `item_held`, a buyer holds the variant or is paying for it.',
      tag,
      signed_in: true,
      params: IdParam,
      headers: OptionalIfMatchHeader,
      answers: { 204: null },
      problems: [...ownerChange, 'item_held'],
    }),
    async (c) => {
      await archiveVariant.one(c.get('sql'), changeOf(c, c.req.valid('param').id))
      return c.body(null, 204)
    },
  )
  .get(
    '/:id/quantity',
    operation({
      id: 'getVariantQuantity',
      summary: 'Read the stock of a variant',
      description:
        'Read it before you set the stock, and send its ETag as `If-Match`. With `stock_by` `product` it is the stock of the product.',
      tag,
      signed_in: 'optional',
      params: IdParam,
      etag: 'versioned',
      links: { setVariantQuantity: { id: '$response.body#/variant_id', 'If-Match': '$response.header.ETag' } },
      answers: { 200: VariantQuantity },
      problems: ['not_found'],
    }),
    async (c) => {
      const variant = { variant_id: c.req.valid('param').id, user_id: c.get('user_id') }
      const row = orNotFound(await showVariantQuantity.maybe(c.get('sql'), variant), 'variant')
      return sendVersioned(c, row)
    },
  )
  .put(
    '/:id/quantity',
    operation({
      id: 'setVariantQuantity',
      summary: 'Set the stock of a variant',
      description:
        "For the shop's owner, if the `stock_by` of the product is `variant`. Send the new stock, with the ETag of `GET " +
        '/v1/variants/{id}/quantity` as `If-Match`. If the variant has changed since, the call writes nothing and returns ' +
        '`precondition_failed` with the current `quantity`. Then read the stock again and repeat the change.',
      tag,
      signed_in: true,
      params: IdParam,
      headers: IfMatchHeader,
      body: QuantityInput,
      etag: 'versioned',
      answers: { 200: VariantQuantity },
      problems: [...ownerChange, 'precondition_required'],
    }),
    async (c) => {
      const change = changeOf(c, c.req.valid('param').id, readIfMatch)
      const row = await setVariantQuantity.one(c.get('sql'), { ...change, ...c.req.valid('json') })
      return sendVersioned(c, row)
    },
  )
