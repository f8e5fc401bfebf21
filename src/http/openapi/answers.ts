/** The responses of a call: its successes, its refusals by status, and the headers of each. */
import type { TSchema } from '@sinclair/typebox'
import { type ProblemCode, problemKinds } from '../../platform/problem.ts'
import { type Operation, takesBody } from '../operation/operation.ts'
import { isRead } from '../read_routing.ts'
import { exampleOf } from './example_of.ts'
import { type AnswerHeader, commonHeaders, etagUnlessReplayed, refer, retryAfterSometimes } from './headers.ts'
import { type Json, plain } from './plain_schema.ts'
import { problemExamples } from './problems.ts'

/** The parts that descriptions refer to instead of repeating them. */
export type Components = { schemas: Json; responses: Json; examples: Json }

/** The description of each success status. */
const MEANINGS: Record<string, string> = {
  200: 'Done',
  201: 'Created',
  202: 'Accepted, but the payment is pending: read `Location` until it is final',
  204: 'Done, without a body',
}

export function describeAnswers(operation: Operation, components: Components, method: string): Json {
  return {
    ...describeSuccesses(operation, components.schemas),
    ...(operation.etag === 'revalidated' ? { 304: describeNotModified(operation) } : {}),
    ...describeProblems(operation, components, method),
  }
}

function describeSuccesses(operation: Operation, schemas: Json): Json {
  const { answers, etag, idempotency, links } = operation
  const successes = Object.entries(answers).map(([status, schema]) => {
    const headers: AnswerHeader[] = [
      ...commonHeaders(operation),
      ...(201 in answers ? (['Location'] as const) : []),
      ...(operation.answer_type === 'text/csv' ? (['Content-Disposition'] as const) : []),
      ...(schema?.properties?.next_cursor ? (['Link'] as const) : []),
      ...(etag && !idempotency ? (['ETag'] as const) : []),
      ...(idempotency ? (['Idempotency-Replayed'] as const) : []),
    ]
    const answer = {
      description: status === '202' && !schema ? 'Accepted, without a body' : (MEANINGS[status] ?? 'Done'),
      headers: { ...refer(headers), ...(etag && idempotency ? etagUnlessReplayed : {}) },
      ...(schema ? { content: describeContent(operation, status, schema, schemas) } : {}),
      ...(links ? { links: describeLinks(links) } : {}),
    }
    return [status, answer]
  })
  return Object.fromEntries(successes)
}

function describeContent({ answer_type, shows }: Operation, status: string, schema: TSchema, schemas: Json): Json {
  if (answer_type) {
    const example = schema.examples?.[0]
    return { [answer_type]: { schema: plain(schema, schemas), ...(example === undefined ? {} : { example }) } }
  }
  const example = { ...(exampleOf(schema) as Json), ...shows?.[Number(status)] }
  return { 'application/json': { schema: plain(schema, schemas), example } }
}

function describeLinks(links: NonNullable<Operation['links']>): Json {
  return Object.fromEntries(Object.entries(links).map(([operationId, parameters]) => [operationId, { operationId, parameters }]))
}

function describeNotModified(operation: Operation): Json {
  return { description: 'The copy of the caller is current', headers: refer([...commonHeaders(operation), 'ETag']) }
}

/** Puts each problem once under `components`, because most calls have the same refusals. */
function describeProblems(operation: Operation, { responses, examples }: Components, method: string): Json {
  const byStatus = Object.groupBy(codesOf(operation, method), (code) => String(problemKinds[code].status))
  const problems = Object.entries(byStatus).map(([status, codes = []]) => {
    const headers = headersOfProblem(operation, Number(status))
    const name = nameOf(operation, codes, headers)
    for (const code of codes) examples[code] = problemExamples[code]
    responses[name] ??= describeProblem(codes, [...commonHeaders(operation), ...headers])
    return [status, { $ref: `#/components/responses/${name}` }]
  })
  return Object.fromEntries(problems)
}

function nameOf({ limit }: Operation, codes: ProblemCode[], headers: AnswerHeader[]): string {
  const can_be_replayed = headers.includes('Idempotency-Replayed')
  return [...codes, ...(can_be_replayed ? ['replayable'] : []), ...(limit === 'none' ? ['unlimited'] : [])].join('.')
}

function describeProblem(codes: ProblemCode[], headers: AnswerHeader[]): Json {
  return {
    description: codes.map((code) => `\`${code}\`: ${problemKinds[code].title}`).join(' · '),
    headers: { ...refer(headers), ...(codes.includes('idempotency_in_progress') ? retryAfterSometimes : {}) },
    content: {
      'application/problem+json': {
        schema: { $ref: '#/components/schemas/Problem' },
        examples: Object.fromEntries(codes.map((code) => [code, { $ref: `#/components/examples/${code}` }])),
      },
    },
  }
}

const BODY_PROBLEMS = ['malformed_json', 'request_timeout', 'payload_too_large', 'too_many_at_once'] as const

/**
 * Returns the problems that the call declares and those that its kind implies, each once, in the order of the table of problems.
 */
function codesOf(operation: Operation, method: string): ProblemCode[] {
  const { problems, limit, signed_in, params, query, body, upload, idempotency } = operation
  const refuses_body = !isRead(method) && !takesBody(operation)
  const codes: ProblemCode[] = [
    ...(problems ?? []),
    'invalid_query',
    'internal_error',
    'unavailable',
    ...(limit === 'none' ? [] : (['too_many_requests'] as const)),
    ...(signed_in ? (['unauthorized'] as const) : []),
    ...(params || query || body || upload || refuses_body ? (['invalid_input'] as const) : []),
    ...(body || upload || refuses_body ? BODY_PROBLEMS : []),
    ...(body || upload ? (['unsupported_media_type'] as const) : []),
    ...(idempotency === 'required' ? (['idempotency_key_missing'] as const) : []),
    ...(idempotency
      ? (['idempotency_key_invalid', 'idempotency_in_progress', 'idempotency_mismatch', 'too_many_keys'] as const)
      : []),
  ]
  return (Object.keys(problemKinds) as ProblemCode[]).filter((code) => codes.includes(code))
}

/** The statuses of refusals that a key stores. They are replayed like successes. */
const REMEMBERED = [402, 403, 404, 409, 412, 422]

function headersOfProblem({ idempotency }: Operation, status: number): AnswerHeader[] {
  if (status === 401) return ['WWW-Authenticate']
  if (status === 429 || status === 503) return ['Retry-After']
  return idempotency && REMEMBERED.includes(status) ? ['Idempotency-Replayed'] : []
}
