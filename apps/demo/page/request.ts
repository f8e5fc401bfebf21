/** Requests to the public API, and its errors. */
import { readSession, storeSession } from './session.ts'

type InputError = { pointer: string; detail: string }
type Problem = { status: number; code: string; detail: string; request_id: string; errors?: InputError[] }

/** An error response of the API. */
export class Refusal extends Error {
  readonly status: number
  readonly code: string
  readonly request_id: string
  readonly errors: InputError[]
  /** Seconds of the header Retry-After; null without it. */
  readonly retry_after_s: number | null

  constructor(problem: Problem, retry_after: string | null) {
    super(problem.detail)
    this.status = problem.status
    this.code = problem.code
    this.request_id = problem.request_id
    this.errors = problem.errors ?? []
    this.retry_after_s = retry_after === null ? null : Number(retry_after)
  }
}

/** Longer than the slowest search, and than a checkout whose payment provider does not respond. */
const TIMEOUT_MS = 15_000

/** The clock of the server minus the clock of this device, in milliseconds. */
let server_is_ahead_ms = 0

/** Returns the time on the server, by the header Date of its last response. */
export function serverTime(): number {
  return Date.now() + server_is_ahead_ms
}

/** Reads a public resource. Throws a Refusal or the error of `fetch`. */
export async function get<T>(path: string, signal: AbortSignal): Promise<T> {
  return parse<T>(await fetch(path, { signal: AbortSignal.any([signal, AbortSignal.timeout(TIMEOUT_MS)]) }))
}

/** The body, and the Idempotency-Key of the calls that take one. */
type Input = { body?: object; key?: string }

/**
 * Makes a call with the token of the session, if there is one. Returns null for a response without a body. A token that the API
 * refuses ends the session here too. Throws a Refusal or the error of `fetch`.
 */
export async function call<T>(method: string, path: string, { body, key }: Input = {}): Promise<T> {
  const session = readSession()
  const headers = new Headers()
  if (session) headers.set('Authorization', `Bearer ${session.token}`)
  if (body) headers.set('Content-Type', 'application/json')
  if (key) headers.set('Idempotency-Key', key)
  const request = { method, headers, signal: AbortSignal.timeout(TIMEOUT_MS), ...(body ? { body: JSON.stringify(body) } : {}) }
  const response = await fetch(path, request)
  const sent = Date.parse(response.headers.get('date') ?? '')
  if (sent) server_is_ahead_ms = sent - Date.now()
  try {
    return await parse<T>(response)
  } catch (error) {
    if (session && error instanceof Refusal && error.code === 'unauthorized') storeSession(null)
    throw error
  }
}

async function parse<T>(response: Response): Promise<T> {
  const text = await response.text()
  const body = text === '' ? null : JSON.parse(text)
  if (!response.ok) throw new Refusal(body, response.headers.get('retry-after'))
  return body
}
