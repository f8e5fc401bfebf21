import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { sendJson } from '../../http/respond.ts'
import { IdParam } from '../../http/schemas.ts'
import { ShippingProfile, ShippingProfileChanges } from './schemas.ts'
import { changeShippingProfile, removeShippingProfile } from './statements.ts'

const tag = 'Shops'

/** Shipping profiles by their own id. */
export const shippingProfiles = new Hono<Env>()
  .patch(
    '/:id',
    operation({
      id: 'updateShippingProfile',
      summary: 'Change a shipping profile',
      description:
        "For the shop's owner. Changes the fields that you send. `rates` and `upgrades` replace the whole list. An upgrade whose " +
        'price rises gets a new `id`. On ' +
        '`default_needs_world`, the rates of the default profile lack `world`, which is the `shipping` of the shop.',
      tag,
      signed_in: true,
      params: IdParam,
      body: ShippingProfileChanges,
      answers: { 200: ShippingProfile },
      problems: ['not_found', 'not_owner', 'default_needs_world'],
    }),
    async (c) => {
      const profile = { profile_id: c.req.valid('param').id, user_id: c.get('user_id') }
      const { body } = await changeShippingProfile.one(c.get('sql'), { ...profile, changes: c.req.valid('json') })
      return sendJson(c, body)
    },
  )
  .delete(
    '/:id',
    operation({
      id: 'removeShippingProfile',
      summary: 'Remove a shipping profile',
      description:
        "For the shop's owner. Its products use the default profile from then on. The default itself cannot be removed: " +
        '`default_needs_world`.',
      tag,
      signed_in: true,
      params: IdParam,
      answers: { 204: null },
      problems: ['not_found', 'not_owner', 'default_needs_world'],
    }),
    async (c) => {
      await removeShippingProfile.one(c.get('sql'), { profile_id: c.req.valid('param').id, user_id: c.get('user_id') })
      return c.body(null, 204)
    },
  )
