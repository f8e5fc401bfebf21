import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { orNotFound, sendJson } from '../../http/respond.ts'
import { IdParam } from '../../http/schemas.ts'
import { Section, SectionInput, SectionList } from '../sections/schemas.ts'
import { addSection, listSections } from '../sections/statements.ts'

const tag = 'Shops'

/** Mounted at `/v1/shops`. */
export const shopSections = new Hono<Env>()
  .get(
    '/:id/sections',
    operation({
      id: 'listSections',
      summary: 'List the sections of a shop, in its order',
      description: 'Public. `GET /v1/shops/{id}/products?section=` lists the products of a section.',
      tag,
      params: IdParam,
      etag: 'revalidated',
      answers: { 200: SectionList },
      problems: ['not_found'],
    }),
    async (c) => {
      const list = await listSections.maybe(c.get('sql'), { shop_id: c.req.valid('param').id })
      return sendJson(c, orNotFound(list, 'shop').body)
    },
  )
  .post(
    '/:id/sections',
    operation({
      id: 'addSection',
      idempotency: 'honored',
      summary: 'Add a section to a shop',
      description:
        "For the shop's owner. `PATCH /v1/products/{id}` with `section_id` puts a product into it. On `quota_exceeded` the " +
        'shop has its maximum of 50 sections.',
      tag,
      signed_in: true,
      params: IdParam,
      body: SectionInput,
      links: { updateSection: { id: '$response.body#/id' }, removeSection: { id: '$response.body#/id' } },
      answers: { 201: Section },
      problems: ['not_found', 'not_owner', 'quota_exceeded'],
    }),
    async (c) => {
      const shop_id = c.req.valid('param').id
      const added = { shop_id, user_id: c.get('user_id'), section: c.req.valid('json') }
      const { body } = await addSection.one(c.get('sql'), added)
      return sendJson(c, body, 201, { Location: `/v1/shops/${shop_id}/sections` })
    },
  )
