import { expect, test } from 'bun:test'
import { inClientSpan, inJobSpan, inServerSpan, traceHeaders, traceId, traceparent } from './trace.ts'

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN_ID = '00f067aa0ba902b7'

const run = (headers: { traceparent?: string; tracestate?: string }) => inServerSpan(headers, false, async () => traceHeaders())

test.each([
  [`00-${TRACE_ID}-${SPAN_ID}-01`, '01'],
  [`00-${TRACE_ID}-${SPAN_ID}-00`, '00'],
  [`00-${TRACE_ID}-${SPAN_ID}-ff`, '01'],
  [`01-${TRACE_ID}-${SPAN_ID}-01-what-a-later-version-adds`, '01'],
])('%s is continued', async (header, flags) => {
  const headers = await run({ traceparent: header, tracestate: 'vendor=1' })
  expect(headers.traceparent).toBe(`00-${TRACE_ID}-${SPAN_ID}-${flags}`)
  expect(headers.tracestate).toBe('vendor=1')
})

test.each([
  undefined,
  '',
  'nonsense',
  `ff-${TRACE_ID}-${SPAN_ID}-01`,
  `00-${TRACE_ID}-${SPAN_ID}-01-more`,
  `00-${'0'.repeat(32)}-${SPAN_ID}-01`,
  `00-${TRACE_ID}-${'0'.repeat(16)}-01`,
  `00-${TRACE_ID.toUpperCase()}-${SPAN_ID}-01`,
])('%p starts another trace, without the state', async (header) => {
  const headers = await run({ ...(header !== undefined && { traceparent: header }), tracestate: 'vendor=1' })
  expect(headers.traceparent).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-00$/)
  expect(headers.traceparent?.toLowerCase()).not.toContain(TRACE_ID)
  expect(headers.tracestate).toBeUndefined()
})

test('a request, its calls and its jobs have one trace; outside there is no trace', async () => {
  const enqueued = await inServerSpan({ traceparent: `00-${TRACE_ID}-${SPAN_ID}-00` }, false, async () => {
    await Promise.resolve()
    return inClientSpan('call', {}, async () => [traceId(), traceparent()])
  })
  expect(enqueued).toEqual([TRACE_ID, `00-${TRACE_ID}-${SPAN_ID}-00`])
  expect(await inJobSpan('send_mails', enqueued[1], {}, async () => traceId())).toBe(TRACE_ID)
  expect(await inJobSpan('expire_reservations', undefined, {}, async () => traceId())).toMatch(/^(?!0{32})[0-9a-f]{32}$/)
  expect(traceId()).toBeUndefined()
  expect(traceparent()).toBeNull()
})
