/** The promises of the service (README), for k6 and the report: milliseconds by call and percentile, and a share of failures. */
export const PROMISES = [
  { call: 'GET /v1/search', aggregate: 'p(95)', below_ms: 200 },
  { call: 'GET /v1/search (category)', aggregate: 'p(95)', below_ms: 200 },
  { call: 'POST /v1/checkout', aggregate: 'p(99)', below_ms: 500 },
] as const

export const FAILED_BELOW = 0.001
