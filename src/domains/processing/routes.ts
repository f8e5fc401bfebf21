import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { sendJson } from '../../http/respond.ts'
import { IdParam } from '../../http/schemas.ts'
import { ProcessingProfile, ProcessingProfileChanges } from './schemas.ts'
import { changeProcessingProfile, removeProcessingProfile } from './statements.ts'

const tag = 'Shops'

/** Processing profiles by their own id. */
export const processingProfiles = new Hono<Env>()
  .patch(
    '/:id',
    operation({
      id: 'updateProcessingProfile',
      summary: 'Change a processing profile',
      description:
        "For the shop's owner. Changes the fields that you send, for all products with the profile. Orders keep the days " +
        'that they were sold with.',
      tag,
      signed_in: true,
      params: IdParam,
      body: ProcessingProfileChanges,
      answers: { 200: ProcessingProfile },
      problems: ['not_found', 'not_owner'],
    }),
    async (c) => {
      const profile = { profile_id: c.req.valid('param').id, user_id: c.get('user_id') }
      return sendJson(c, (await changeProcessingProfile.one(c.get('sql'), { ...profile, changes: c.req.valid('json') })).body)
    },
  )
  .delete(
    '/:id',
    operation({
      id: 'removeProcessingProfile',
      summary: 'Remove a processing profile',
      description:
        "For the shop's owner. On `profile_in_use`, `product_ids` names products with the profile, archived ones included. " +
        'Give them another profile first.',
      tag,
      signed_in: true,
      params: IdParam,
      answers: { 204: null },
      problems: ['not_found', 'not_owner', 'profile_in_use'],
    }),
    async (c) => {
      await removeProcessingProfile.one(c.get('sql'), { profile_id: c.req.valid('param').id, user_id: c.get('user_id') })
      return c.body(null, 204)
    },
  )
