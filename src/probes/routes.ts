import { Type } from '@sinclair/typebox'
import { Hono } from 'hono'
import { sendJson } from '../http/answer.ts'
import type { Env } from '../http/env.ts'
import { operation } from '../http/operation.ts'
import { OneOf, Strict } from '../http/schemas.ts'
import { Problem } from '../problem.ts'

const tag = 'Operations'
const checkStates = ['ok', 'failed', 'degraded', 'unused']
const Alive = Strict({ status: Type.Literal('ok') }, { $id: 'Liveness' })
const Readiness = Strict(
  {
    status: Type.Literal('ready'),
    search: OneOf(['elasticsearch', 'postgres', 'plain']),
    search_degraded: Type.Boolean({ description: 'Whether another engine than the configured one answers searches.' }),
    cache: OneOf(['in_process', 'redis']),
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
          description: 'With `?verbose`: each by itself. Without what is `degraded` the service works on.',
        },
      ),
    ),
  },
  { $id: 'Readiness' },
)
const Verbosity = Strict({
  verbose: Type.Optional(Type.String({ maxLength: 5, description: 'Whether to say what came of each check; no value needed.' })),
})

/** Prometheus' text format, whose version its media type names. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8'

export const probes = new Hono<Env>()
  .get(
    '/livez',
    operation({ id: 'getLiveness', summary: 'The process runs', tag, limit: 'none', answers: { 200: Alive } }),
    (c) => sendJson(c, '{"status":"ok"}'),
  )
  .get(
    '/readyz',
    operation({
      id: 'getReadiness',
      summary: 'Send requests here: PostgreSQL answers and is migrated, and this process does not end',
      tag,
      limit: 'none',
      query: Verbosity,
      answers: { 200: Readiness },
      problems: ['unavailable'],
    }),
    async (c) => {
      const { ready, detail, checks } = await c.get('readiness').check()
      const more = new URL(c.req.url).searchParams.has('verbose') ? { checks } : {}
      if (!ready) throw new Problem('unavailable', detail, more, { 'Retry-After': '1' })
      const { engine, degraded } = c.get('search').state()
      const cache = c.get('kv').shared ? 'redis' : 'in_process'
      return sendJson(c, JSON.stringify({ status: 'ready', search: engine, search_degraded: degraded, cache, ...more }))
    },
  )
  .get(
    '/metrics',
    operation({
      id: 'getMetrics',
      summary: "What this process has counted, in Prometheus' text format",
      tag,
      limit: 'none',
      answers: { 200: Type.String() },
      answer_type: 'text/plain',
    }),
    async (c) => c.body(await c.get('metrics').render(), 200, { 'Content-Type': METRICS_TYPE, 'Cache-Control': 'no-store' }),
  )
