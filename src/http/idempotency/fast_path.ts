/**
 * The fast path of Idempotency-Key in the shared key-value store. The entry of a key (kept_response_name) is PROCESSING while the
 * first call runs, and COMPLETED with its response for 24 h. PostgreSQL decides. A loss of the store, or of any part of it, changes no
 * outcome. The deletion of a person deletes the entries that hold the person, also while their call is running: a response replaces
 * PROCESSING and nothing else. A PROCESSING that a dead call left behind expires by itself.
 */
import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { Problem, toProblem } from '../../platform/problem.ts'
import type { Env } from '../env.ts'
import { LEASE_S } from './key.ts'

const COMPLETED_TTL_S = 24 * 3600

export type KeyRecord = { user_id: number; call: string; key: string; fingerprint: Uint8Array }
type Entry = {
  state: 'PROCESSING' | 'COMPLETED'
  fingerprint: string
  statusCode?: number
  result?: string
  location?: string | null
}

/** Returns the stored response of the key. Without one, runs the call and stores its response. */
export async function throughFastPath(c: Context<Env>, record: KeyRecord, run: () => Promise<Response>): Promise<Response> {
  const kv = c.get('kv')
  if (!kv.shared) return run()
  const name = keptResponseName(record)
  const fingerprint = Buffer.from(record.fingerprint).toString('base64url')
  const known = parse(await kv.get(name))
  if (known) return answerFrom(known, fingerprint)
  const first = await kv.setIfAbsent(name, JSON.stringify({ state: 'PROCESSING', fingerprint } satisfies Entry), LEASE_S)
  if (first === false) throw new Problem('idempotency_in_progress', 'In progress')
  const response = await run().catch(async (error) => {
    // Another process can be working with this key. Its mark stays and expires by itself.
    if (toProblem(error).code !== 'idempotency_in_progress') await kv.delete(name)
    throw error
  })
  if (isRetryable(response.status)) await kv.delete(name)
  else {
    const entry: Entry = {
      state: 'COMPLETED',
      fingerprint,
      statusCode: response.status,
      result: await response.clone().text(),
      location: response.headers.get('location'),
    }
    await kv.replace(name, JSON.stringify(entry), COMPLETED_TTL_S)
  }
  return response
}

/** The name that kept_response_name (db/functions/privacy) returns. Hashed, because some clients choose an e-mail as the key. */
function keptResponseName({ user_id, call, key }: KeyRecord): string {
  return `idempotency:${user_id}:${createHash('sha256').update(`${call} ${key}`).digest('hex')}`
}

/** Whether the client can try again with the same key. Such a response is never stored as final. */
export function isRetryable(status: number): boolean {
  return status >= 500 || status === 429 || status === 400 || status === 401
}

/** Returns the stored response, byte for byte. */
export function replayOf(answer: { status_code: number | null; body: string | null; location: string | null }): Response {
  const status = answer.status_code ?? 200
  const headers = new Headers({ 'Idempotency-Replayed': 'true', 'Cache-Control': 'no-store' })
  if (status !== 204) headers.set('Content-Type', status < 400 ? 'application/json' : 'application/problem+json')
  if (answer.location) headers.set('Location', answer.location)
  return new Response(status === 204 ? null : answer.body, { status, headers })
}

function answerFrom(entry: Entry, fingerprint: string): Response {
  if (entry.fingerprint !== fingerprint)
    throw new Problem('idempotency_mismatch', 'This Idempotency-Key belongs to another request. Send a new key.')
  if (entry.state === 'PROCESSING') throw new Problem('idempotency_in_progress', 'In progress')
  return replayOf({ status_code: entry.statusCode ?? 200, body: entry.result ?? '', location: entry.location ?? null })
}

function parse(text: string | null): Entry | null {
  try {
    return text ? JSON.parse(text) : null
  } catch {
    return null
  }
}
