import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import pino from 'pino'
import { openCache } from '../cache/cache.ts'
import { openInProcessStore } from '../cache/in_process_store.ts'
import { openSimulatedClient } from '../payments/simulated_client.ts'
import type { Dependencies, Env } from './env.ts'
import { observe } from './observe.ts'

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${TRACE_ID}-00f067aa0ba902b7-01`

test("a caller's trace is in the log line and goes on to the payment provider", async () => {
  const lines: string[] = []
  const heard: Headers[] = []
  const provider = Bun.serve({
    port: 0,
    fetch: ({ headers }) => {
      heard.push(headers)
      return new Response(null, { status: 404 })
    },
  })
  const payments = openSimulatedClient(`http://127.0.0.1:${provider.port}`, [])
  const log = pino({ level: 'info' }, { write: (line: string) => void lines.push(line) })
  const cache = openCache(openInProcessStore(), { hit: () => {}, miss: () => {} })
  const app = new Hono<Env>().use(observe({ log, cache, trusted_proxies: 0 } as unknown as Dependencies))
  app.get('/', async (c) => {
    await payments.find({ checkout_id: 1, reference: null, age_s: 0 }, AbortSignal.timeout(5000))
    return c.text('found')
  })
  await app.request('/', { headers: { traceparent, tracestate: 'vendor=1' } })
  await provider.stop(true)
  expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ trace_id: TRACE_ID, status: 200, msg: 'request' })
  expect(heard[0]?.get('traceparent')).toMatch(new RegExp(`^00-${TRACE_ID}-(?!00f067aa0ba902b7)[0-9a-f]{16}-01$`))
  expect(heard[0]?.get('tracestate')).toBe('vendor=1')
})
