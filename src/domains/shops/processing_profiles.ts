import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { PageOf, PageQuery, pageArguments, sendPage } from '../../http/pagination.ts'
import { loaderContext } from '../../http/read_routing.ts'
import { orNotFound, sendJson } from '../../http/respond.ts'
import { IdParam, Strict } from '../../http/schemas.ts'
import { ProcessingProfile, ProcessingProfileInput } from '../processing/schemas.ts'
import { addProcessingProfile, listProcessingProfiles } from '../processing/statements.ts'
import { shopPage } from './cache.ts'

const tag = 'Shops'

/** The processing profiles of a shop. */
export const shopProcessingProfiles = new Hono<Env>()
  .get(
    '/:id/processing-profiles',
    operation({
      id: 'listProcessingProfiles',
      summary: "List a shop's processing profiles, oldest first",
      description: 'Public. A profile says how long the shop needs until it ships.',
      tag,
      params: IdParam,
      query: Strict(PageQuery),
      answers: { 200: PageOf('ProcessingProfilePage', ProcessingProfile) },
      problems: ['not_found'],
    }),
    async (c) => {
      const { after, page_size } = pageArguments(c, c.req.valid('query'))
      const shop_id = c.req.valid('param').id
      const rows = await listProcessingProfiles.many(c.get('sql'), { shop_id, after, page_size })
      if (rows.length === 0) orNotFound(await c.get('cache').get(shopPage, { shop_id }, loaderContext(c)), 'shop')
      return sendPage(c, rows, page_size)
    },
  )
  .post(
    '/:id/processing-profiles',
    operation({
      id: 'addProcessingProfile',
      idempotency: 'honored',
      summary: 'Add a processing profile',
      description:
        "For the shop's owner. Products and variants take its `id` as `processing_profile_id`. On `quota_exceeded` the shop has " +
        '50 profiles.',
      tag,
      signed_in: true,
      params: IdParam,
      body: ProcessingProfileInput,
      links: {
        updateProcessingProfile: { id: '$response.body#/id' },
        removeProcessingProfile: { id: '$response.body#/id' },
      },
      answers: { 201: ProcessingProfile },
      problems: ['not_found', 'not_owner', 'quota_exceeded'],
    }),
    async (c) => {
      const shop_id = c.req.valid('param').id
      const added = { shop_id, user_id: c.get('user_id'), profile: c.req.valid('json') }
      const { body } = await addProcessingProfile.one(c.get('sql'), added)
      return sendJson(c, body, 201, { Location: `/v1/shops/${shop_id}/processing-profiles` })
    },
  )
