import { expect, test } from 'bun:test'
import { continueTrace, traceHeaders, withinTrace } from './trace.ts'

const TRACE_ID = '4bf92f3577b34da6a3ce929d0e0e4736'
const SPAN_ID = '00f067aa0ba902b7'

test.each([
  [`00-${TRACE_ID}-${SPAN_ID}-01`, '01'],
  [`00-${TRACE_ID}-${SPAN_ID}-00`, '00'],
  [`00-${TRACE_ID}-${SPAN_ID}-ff`, '01'],
  [`01-${TRACE_ID}-${SPAN_ID}-01-what-a-later-version-adds`, '01'],
])('%s is continued', (header, flags) => {
  const trace = continueTrace(header, 'vendor=1')
  expect(trace).toMatchObject({ trace_id: TRACE_ID, flags, state: 'vendor=1' })
  expect(trace.span_id).toMatch(/^[0-9a-f]{16}$/)
  expect(trace.span_id).not.toBe(SPAN_ID)
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
])('%p starts another trace, without the state', (header) => {
  const trace = continueTrace(header, 'vendor=1')
  expect(trace.trace_id).toMatch(/^[0-9a-f]{32}$/)
  expect(trace).toMatchObject({ flags: '00', state: undefined })
  expect(trace.trace_id).not.toBe(TRACE_ID)
})

test('calls of a request go out under its trace, others under none', async () => {
  const trace = continueTrace(`00-${TRACE_ID}-${SPAN_ID}-01`, 'vendor=1')
  const headers = await withinTrace(trace, async () => {
    await Promise.resolve()
    return traceHeaders()
  })
  expect(headers).toEqual({ traceparent: `00-${TRACE_ID}-${trace.span_id}-01`, tracestate: 'vendor=1' })
  expect(traceHeaders()).toEqual({})
})
