import { Type } from '@sinclair/typebox'
import { type Context, Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { PageOf, PageQuery, pageArguments, type Row, sendPage } from '../../http/pagination.ts'
import { OptionalIfMatchHeader, readOptionalIfMatch } from '../../http/precondition.ts'
import { loaderContext, readerOf } from '../../http/read_routing.ts'
import { orNotFound, sendJson, sendVersioned } from '../../http/respond.ts'
import { Id, IdParam, Strict } from '../../http/schemas.ts'
import { Order, orderFilters, SaleQuery } from '../orders/schemas.ts'
import { listShopOrders } from '../orders/statements.ts'
import { Product, ProductInput } from '../products/schemas.ts'
import { listProduct } from '../products/statements.ts'
import { Review } from '../reviews/schemas.ts'
import { ShopStatistics, StatisticsQuery } from '../statistics/schemas.ts'
import { showShopStatistics } from '../statistics/statements.ts'
import { FIRST_PAGE_SIZE, readFirstPage, readShopPage, shopPage, shopProducts } from './cache.ts'
import { Shop, ShopChanges, ShopInput } from './schemas.ts'
import { listOwnShops, listSectionProducts, listShopProducts, listShopReviews, openShop, updateShop } from './statements.ts'

const tag = 'Shops'
const ListQuery = Strict(PageQuery)

/** Mounted at `/v1/me/shops`. */
export const ownShops = new Hono<Env>().get(
  '/',
  operation({
    id: 'listOwnShops',
    summary: 'List your shops, newest first',
    description: 'Every shop that you own, also on vacation.',
    tag,
    signed_in: true,
    query: ListQuery,
    answers: { 200: PageOf('ShopPage', Shop) },
  }),
  async (c) => {
    const { after, page_size } = pageArguments(c, c.req.valid('query'))
    return sendPage(c, await listOwnShops.many(await readerOf(c), { owner_id: c.get('user_id'), after, page_size }), page_size)
  },
)

/** Reads a page of a shop's products. The first one of the default size is cached. */
async function readShopProducts(c: Context<Env>, list: { shop_id: number; after: unknown; page_size: number }): Promise<Row[]> {
  const { shop_id, after, page_size } = list
  if (after !== null || page_size > FIRST_PAGE_SIZE) return listShopProducts.many(c.get('sql'), list)
  return readFirstPage(await c.get('cache').get(shopProducts, { shop_id }, loaderContext(c)), page_size)
}

export const shops = new Hono<Env>()
  .post(
    '/',
    operation({
      id: 'openShop',
      idempotency: 'honored',
      summary: 'Open a shop',
      description:
        'You become the owner. `shipping` is what buyers pay for postage: `base` once for an order, `per_extra_item` for ' +
        'each further unit. On `quota_exceeded` the account has its maximum of shops.',
      tag,
      signed_in: true,
      body: ShopInput,
      answers: { 201: Shop },
      problems: ['quota_exceeded', 'email_unverified'],
    }),
    async (c) => {
      const { banner_url: banner = null, logo_url: logo = null, description = null, ...shop } = c.req.valid('json')
      const rules = { quota_scale: c.get('quota_scale'), requires_verified: c.get('requires_verified') }
      const owner_id = c.get('user_id')
      const { id, body } = await openShop.one(c.get('sql'), { owner_id, banner, logo, description, ...shop, ...rules })
      return sendJson(c, body, 201, { Location: `/v1/shops/${id}` })
    },
  )
  .get(
    '/:id',
    operation({
      id: 'getShop',
      summary: 'Read a shop',
      description: 'Public. `rating` is the mean of the reviews, or null without reviews. `sales_count` counts units.',
      tag,
      params: IdParam,
      etag: 'revalidated',
      answers: { 200: Shop },
      problems: ['not_found'],
    }),
    async (c) => {
      const shop = orNotFound(await c.get('cache').get(shopPage, { shop_id: c.req.valid('param').id }, loaderContext(c)), 'shop')
      return sendVersioned(c, readShopPage(shop))
    },
  )
  .patch(
    '/:id',
    operation({
      id: 'updateShop',
      summary: 'Change a shop',
      description:
        'For the owner. Changes the fields that you send. While `is_on_vacation` is true, nothing of the shop can be ordered, ' +
        'and no list shows its products. `vacation_from` and `vacation_until` begin and end a vacation by themselves, at midnight ' +
        'UTC. `is_on_vacation: false` during these days ends it early and removes them.',
      tag,
      signed_in: true,
      params: IdParam,
      headers: OptionalIfMatchHeader,
      body: ShopChanges,
      etag: 'versioned',
      answers: { 200: Shop },
      problems: ['not_found', 'not_owner', 'precondition_failed', 'if_match_invalid'],
    }),
    async (c) => {
      const shop = { shop_id: c.req.valid('param').id, user_id: c.get('user_id') }
      const versions = readOptionalIfMatch(c.req.header('if-match'))
      return sendVersioned(c, await updateShop.one(c.get('sql'), { ...shop, changes: c.req.valid('json'), versions }))
    },
  )
  .get(
    '/:id/products',
    operation({
      id: 'listShopProducts',
      summary: "List a shop's products, newest first",
      description:
        'Products on sale and products that are sold out, but no archived ones and no drafts. `section` narrows the list.',
      tag,
      params: IdParam,
      query: Strict({ ...PageQuery, section: Type.Optional(Id) }),
      etag: 'revalidated',
      answers: { 200: PageOf('ProductPage', Product) },
      problems: ['not_found'],
    }),
    async (c) => {
      const { after, page_size } = pageArguments(c, c.req.valid('query'))
      const shop_id = c.req.valid('param').id
      const { section } = c.req.valid('query')
      const rows =
        section === undefined
          ? await readShopProducts(c, { shop_id, after, page_size })
          : await listSectionProducts.many(c.get('sql'), { shop_id, section_id: section, after, page_size })
      if (rows.length === 0) orNotFound(await c.get('cache').get(shopPage, { shop_id }, loaderContext(c)), 'shop')
      return sendPage(c, rows, page_size)
    },
  )
  .post(
    '/:id/products',
    operation({
      id: 'listProduct',
      idempotency: 'honored',
      summary: 'List a product',
      description:
        "For the shop's owner. The product is on sale at once, and in search within seconds. `sku` is your own reference. " +
        'On `sku_taken`, another product or variant of the shop has it. With `is_draft`, only you see the product until you ' +
        'send `is_draft: false` to `PATCH /v1/products/{id}`. With `options` and `variants`, the buyer chooses one variant, ' +
        'which has one value of each option. A variant without `price` costs the `price` of the product. With `stock_by` ' +
        '`variant` each variant needs its own `quantity`, and the product takes none.',
      tag: 'Products',
      signed_in: true,
      params: IdParam,
      body: ProductInput,
      answers: { 201: Product },
      problems: ['not_found', 'not_owner', 'sku_taken', 'quota_exceeded', 'email_unverified'],
    }),
    async (c) => {
      const rules = { quota_scale: c.get('quota_scale'), requires_verified: c.get('requires_verified') }
      const [shop_id, user_id, product] = [c.req.valid('param').id, c.get('user_id'), c.req.valid('json')]
      const { id, body } = await listProduct.one(c.get('sql'), { shop_id, user_id, product, ...rules })
      return sendJson(c, body, 201, { Location: `/v1/products/${id}` })
    },
  )
  .get(
    '/:id/reviews',
    operation({
      id: 'listShopReviews',
      summary: "List a shop's reviews, newest first",
      description: 'Public. A review shows the reply of the shop, if there is one.',
      tag,
      params: IdParam,
      query: ListQuery,
      etag: 'revalidated',
      answers: { 200: PageOf('ReviewPage', Review) },
      problems: ['not_found'],
    }),
    async (c) => {
      const { after, page_size } = pageArguments(c, c.req.valid('query'))
      const shop_id = c.req.valid('param').id
      const rows = await listShopReviews.many(c.get('sql'), { shop_id, after, page_size })
      if (rows.length === 0) orNotFound(await c.get('cache').get(shopPage, { shop_id }, loaderContext(c)), 'shop')
      return sendPage(c, rows, page_size)
    },
  )
  .get(
    '/:id/orders',
    operation({
      id: 'listShopOrders',
      summary: "List a shop's orders, newest first",
      description:
        "For the shop's owner. `status`, `created_from`, `created_to`, `buyer_id`, `ship_by_before` and `late` narrow the " +
        'list. To poll for new orders, read pages until one contains an order that you know.',
      tag,
      signed_in: true,
      params: IdParam,
      query: SaleQuery,
      answers: { 200: PageOf('OrderPage', Order) },
      problems: ['not_found', 'not_owner'],
    }),
    async (c) => {
      const query = c.req.valid('query')
      const page = pageArguments(c, query)
      const { buyer_id = null, ship_by_before = null, late: is_late = null } = query
      const deadlines = { ship_by_before, is_late }
      const shop = { shop_id: c.req.valid('param').id, user_id: c.get('user_id') }
      const rows = await listShopOrders.many(await readerOf(c), {
        ...shop,
        ...orderFilters(query),
        buyer_id,
        ...page,
        ...deadlines,
      })
      return sendPage(c, rows, page.page_size)
    },
  )
  .get(
    '/:id/statistics',
    operation({
      id: 'getShopStatistics',
      summary: "Read a shop's figures, day by day",
      description:
        "For the shop's owner: views, favorites, carts, orders, units and revenue. One entry for each UTC day, including " +
        'days without events, oldest first. Without `from` and `to` it covers the last 30 days. The server computes the ' +
        'figures every 15 minutes. Those of the last three days can still change.',
      tag,
      signed_in: true,
      params: IdParam,
      query: StatisticsQuery,
      answers: { 200: ShopStatistics },
      problems: ['not_found', 'not_owner'],
    }),
    async (c) => {
      const { from: from_day = null, to: to_day = null } = c.req.valid('query')
      const shop = { shop_id: c.req.valid('param').id, user_id: c.get('user_id') }
      const { body } = await showShopStatistics.one(await readerOf(c), { ...shop, from_day, to_day })
      return sendJson(c, body)
    },
  )
