import { Type } from '@sinclair/typebox'
import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { OneOf, Strict, withExample } from '../../http/schemas.ts'
import { Problem } from '../../platform/problem.ts'
import { applyEvent } from './apply_event.ts'

const Received = Strict({ received: withExample(Type.Boolean({ description: 'Always true.' }), true) }, { $id: 'EventReceived' })

/**
 * Events of payment providers. A repeated event counts once. An irrelevant event gets 200, so that the provider stops sending
 * it. An error of the service is 5xx, so that the provider sends it again.
 */
export const webhooks = new Hono<Env>().post(
  '/:provider',
  operation({
    id: 'receivePaymentEvent',
    summary: 'Receive an event of a payment provider',
    description:
      'For payment providers, not for clients. The server checks the signature of the raw body. A repeated event counts once.',
    tag: 'Checkout',
    limit: 'webhook',
    raw_body: true,
    params: Strict({ provider: OneOf(['stripe', 'simulated']) }),
    answers: { 200: Received },
    problems: ['invalid_signature', 'not_found', 'malformed_json', 'payload_too_large', 'request_timeout', 'too_many_at_once'],
  }),
  async (c) => {
    const { provider } = c.get('payments')
    if (provider.name !== c.req.valid('param').provider || !provider.readEvent)
      throw new Problem('not_found', 'This server accepts no webhooks. Set the signing secrets first.')
    const event = await provider.readEvent(c.get('raw_body'), c.req.raw.headers)
    if (event) await applyEvent(provider.name, event, { sql: c.get('sql'), metrics: c.get('metrics'), log: c.get('log') })
    return c.json({ received: true })
  },
)
