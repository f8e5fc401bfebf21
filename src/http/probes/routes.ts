import { Type } from '@sinclair/typebox'
import { type Context, Hono, type MiddlewareHandler } from 'hono'
import { Problem } from '../../platform/problem.ts'
import type { Env } from '../env.ts'
import { operation } from '../operation/operation.ts'
import { parametersOf } from '../path.ts'
import { sendJson } from '../respond.ts'
import { OneOf, Strict, withExample } from '../schemas.ts'

const tag = 'Operations'
const checkStates = ['ok', 'failed', 'degraded', 'unused']
const Alive = Strict({ status: Type.Literal('ok') }, { $id: 'Liveness' })
const Readiness = Strict(
  {
    status: Type.Literal('ready'),
    search: OneOf(['elasticsearch', 'postgres', 'plain']),
    search_degraded: Type.Boolean({ description: 'Whether a fallback runs the searches instead of the configured engine.' }),
    cache: withExample(OneOf(['in_process', 'redis']), 'redis'),
    checks: Type.Optional(
      Strict(
        {
          process: OneOf(checkStates),
          database: OneOf(checkStates),
          migrations: OneOf(checkStates),
          redis: OneOf(checkStates),
        },
        {
          $id: 'ReadinessChecks',
          description: 'The result of each check, with `?verbose`. The service works without a part that is `degraded`.',
        },
      ),
    ),
  },
  { $id: 'Readiness' },
)
const Verbosity = Strict({
  verbose: Type.Optional(Type.String({ maxLength: 5, description: 'Adds the result of each check. Needs no value.' })),
})

/** Prometheus' text format. The media type names its version. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

/** The probes of supervisors and load balancers. */
export const probes = new Hono<Env>()
  .get(
    '/livez',
    operation({
      id: 'getLiveness',
      summary: 'Check that the process runs',
      description: 'For a supervisor, which restarts the process if this call does not respond.',
      tag,
      limit: 'none',
      answers: { 200: Alive },
    }),
    (c) => sendJson(c, '{"status":"ok"}'),
  )
  .get(
    '/readyz',
    operation({
      id: 'getReadiness',
      summary: 'Check that the process can serve requests',
      description:
        'For a load balancer. 200 while PostgreSQL responds, all migrations are applied and the process is not ending; ' +
        'otherwise 503. `?verbose` adds the result of each check.',
      tag,
      limit: 'none',
      query: Verbosity,
      answers: { 200: Readiness },
      problems: ['unavailable'],
    }),
    async (c) => {
      const { ready, detail, checks } = await c.get('readiness').check()
      const more = asksForChecks(c) ? { checks } : {}
      if (!ready) throw new Problem('unavailable', detail, more)
      const { engine, degraded } = c.get('search').state()
      const cache = c.get('kv').shared ? 'redis' : 'in_process'
      return sendJson(c, JSON.stringify({ status: 'ready', search: engine, search_degraded: degraded, cache, ...more }))
    },
  )

/** Throws 404 for `/readyz?verbose` on the public port, if operators have a separate port. */
export const hideChecks: MiddlewareHandler<Env> = async (c, next) => {
  if (asksForChecks(c)) throw new Problem('not_found')
  await next()
}

/** The metrics for Prometheus. */
export const metrics = new Hono<Env>().get(
  '/metrics',
  operation({
    id: 'getMetrics',
    summary: 'Read the metrics of this process',
    description: 'The text format of Prometheus. The counts are those of this process; add up those of all processes.',
    tag,
    limit: 'none',
    answers: { 200: Type.String() },
    answer_type: 'text/plain',
  }),
  async (c) => c.body(await c.get('metrics').render(), 200, { 'Content-Type': METRICS_TYPE, 'Cache-Control': 'no-store' }),
)

function asksForChecks(c: Context<Env>): boolean {
  return parametersOf(c.req.url).has('verbose')
}
