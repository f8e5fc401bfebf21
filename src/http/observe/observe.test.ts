import { expect, test } from 'bun:test'
import { Hono } from 'hono'
import pino from 'pino'
import { openActionPages } from '../../domains/payments/simulated_actions.ts'
import { openSimulatedClient } from '../../domains/payments/simulated_client.ts'
import { createMetrics } from '../../platform/metrics/metrics.ts'
import type { Env, Services } from '../env.ts'
import { observe } from './observe.ts'

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const traceparent = `00-${TRACE_ID}-00f067aa0ba902b7-01`

/** An app with only the observer. `lines` is its log from this level on. */
function openObserved(lines: string[], level: string): Hono<Env> {
  const log = pino({ level }, { write: (line: string) => void lines.push(line) })
  const services = { log, metrics: createMetrics(), cache: { forget: async () => true }, trusted_proxies: 0 }
  return new Hono<Env>().use(observe(services as unknown as Services))
}

test.each(['/livez', '/readyz', '/metrics'])('%s is logged at debug', async (path) => {
  const [usual, all]: [string[], string[]] = [[], []]
  for (const app of [openObserved(usual, 'info'), openObserved(all, 'debug')]) {
    app.get(path, (c) => c.text('well'))
    await app.request(path)
  }
  expect(usual).toEqual([])
  expect(JSON.parse(all[0] ?? '{}')).toMatchObject({ route: path, status: 200, msg: 'request' })
})

test("a caller's trace is in the log line, and in the call to the payment provider", async () => {
  const lines: string[] = []
  const heard: Headers[] = []
  const provider = Bun.serve({
    port: 0,
    fetch: ({ headers }) => {
      heard.push(headers)
      return new Response(null, { status: 404 })
    },
  })
  const payments = openSimulatedClient(`http://127.0.0.1:${provider.port}`, [], openActionPages(new Uint8Array(), ''))
  const app = openObserved(lines, 'info')
  app.get('/', async (c) => {
    const charge = { checkout_id: 1, amount: '1.00', method: 'pm_card_visa', reference: null, age_s: 0 }
    await payments.find(charge, AbortSignal.timeout(5000))
    return c.text('found')
  })
  await app.request('/', { headers: { traceparent, tracestate: 'vendor=1' } })
  await provider.stop(true)
  expect(JSON.parse(lines[0] ?? '{}')).toMatchObject({ trace_id: TRACE_ID, status: 200, msg: 'request' })
  expect(heard[0]?.get('traceparent')).toBe(traceparent)
  expect(heard[0]?.get('tracestate')).toBe('vendor=1')
})
