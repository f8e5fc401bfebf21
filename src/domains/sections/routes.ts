import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { sendJson } from '../../http/respond.ts'
import { IdParam } from '../../http/schemas.ts'
import { Section, SectionChanges } from './schemas.ts'
import { changeSection, removeSection } from './statements.ts'

const tag = 'Shops'

/** Sections by their own id. */
export const sections = new Hono<Env>()
  .patch(
    '/:id',
    operation({
      id: 'updateSection',
      summary: 'Change the name or the place of a section',
      description: "For the shop's owner. Changes the fields that you send.",
      tag,
      signed_in: true,
      params: IdParam,
      body: SectionChanges,
      answers: { 200: Section },
      problems: ['not_found', 'not_owner'],
    }),
    async (c) => {
      const section = { section_id: c.req.valid('param').id, user_id: c.get('user_id') }
      return sendJson(c, (await changeSection.one(c.get('sql'), { ...section, changes: c.req.valid('json') })).body)
    },
  )
  .delete(
    '/:id',
    operation({
      id: 'removeSection',
      summary: 'Remove a section',
      description: "For the shop's owner. Its products stay on sale, without a section.",
      tag,
      signed_in: true,
      params: IdParam,
      answers: { 204: null },
      problems: ['not_found', 'not_owner'],
    }),
    async (c) => {
      await removeSection.one(c.get('sql'), { section_id: c.req.valid('param').id, user_id: c.get('user_id') })
      return c.body(null, 204)
    },
  )
