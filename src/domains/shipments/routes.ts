import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { sendJson } from '../../http/respond.ts'
import { IdParam } from '../../http/schemas.ts'
import { Shipment, TrackingInput } from './schemas.ts'
import { correctTracking } from './statements.ts'

const tag = 'Orders'

/** Shipments by their own id. */
export const shipments = new Hono<Env>().patch(
  '/:id',
  operation({
    id: 'correctTracking',
    summary: 'Correct the tracking of a shipment',
    description: "For the shop's owner. The order shows the tracking of its newest shipment.",
    tag,
    signed_in: true,
    params: IdParam,
    body: TrackingInput,
    answers: { 200: Shipment },
    problems: ['not_found', 'not_owner'],
  }),
  async (c) => {
    const { carrier = null, tracking_number = null } = c.req.valid('json')
    const shipment = { shipment_id: c.req.valid('param').id, user_id: c.get('user_id') }
    const { body } = await correctTracking.one(c.get('sql'), { ...shipment, carrier, tracking_number })
    return sendJson(c, body)
  },
)
