import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { PageOf, PageQuery, pageArguments, sendPage } from '../../http/pagination.ts'
import { sendJson } from '../../http/respond.ts'
import { IdParam, Strict } from '../../http/schemas.ts'
import { ShippingProfile, ShippingProfileInput } from '../shipping_profiles/schemas.ts'
import { addShippingProfile, listShippingProfiles } from '../shipping_profiles/statements.ts'

const tag = 'Shops'

/** The shipping profiles of a shop. */
export const shopShippingProfiles = new Hono<Env>()
  .get(
    '/:id/shipping-profiles',
    operation({
      id: 'listShippingProfiles',
      summary: "List a shop's shipping profiles, the default first",
      description:
        'Public. A shop always has a default profile, whose rate to `world` is the `shipping` of the shop. A product uses the ' +
        'default, or the profile of its `shipping_profile_id`.',
      tag,
      params: IdParam,
      query: Strict(PageQuery),
      answers: { 200: PageOf('ShippingProfilePage', ShippingProfile) },
      problems: ['not_found'],
    }),
    async (c) => {
      const { after, page_size } = pageArguments(c, c.req.valid('query'))
      const shop_id = c.req.valid('param').id
      return sendPage(c, await listShippingProfiles.many(c.get('sql'), { shop_id, after, page_size }), page_size)
    },
  )
  .post(
    '/:id/shipping-profiles',
    operation({
      id: 'addShippingProfile',
      idempotency: 'honored',
      summary: 'Add a shipping profile',
      description:
        "For the shop's owner. The most exact destination wins: the country, then `eu`, then `world`. Without one, its products are " +
        'not sent there. On `quota_exceeded` the shop has its maximum of profiles.',
      tag,
      signed_in: true,
      params: IdParam,
      body: ShippingProfileInput,
      answers: { 201: ShippingProfile },
      links: { updateShippingProfile: { id: '$response.body#/id' }, removeShippingProfile: { id: '$response.body#/id' } },
      problems: ['not_found', 'not_owner', 'quota_exceeded'],
    }),
    async (c) => {
      const shop_id = c.req.valid('param').id
      const added = { shop_id, user_id: c.get('user_id'), profile: c.req.valid('json') }
      const { body } = await addShippingProfile.one(c.get('sql'), added)
      return sendJson(c, body, 201, { Location: `/v1/shops/${shop_id}/shipping-profiles` })
    },
  )
