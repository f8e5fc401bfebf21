import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { Problem } from '../platform/problem.ts'
import type { Env } from './env.ts'

type Headers = Record<string, string>

/** Sends the JSON text that PostgreSQL rendered. The default of `Cache-Control` is `no-store`. */
export function sendJson(c: Context<Env>, body: string, status = 200, headers: Headers = {}): Response {
  const tag: Headers = c.get('is_revalidated') && !headers.ETag ? { ETag: `"${hashOf(body)}"` } : {}
  return c.body(body, status as 200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...tag, ...headers })
}

/** Like sendJson, with an ETag for the page (If-None-Match) that begins with the version of its content (If-Match). */
export function sendVersioned(c: Context<Env>, { body, version }: { body: string; version: string }): Response {
  return sendJson(c, body, 200, { ETag: `"${version}.${hashOf(body)}"` })
}

function hashOf(text: string): string {
  return createHash('sha1').update(text).digest('base64url')
}

/** Returns the row, or throws 404. Other users' private things look the same as things that do not exist. */
export function orNotFound<T>(row: T | null, what: string): T {
  if (row === null) throw new Problem('not_found', `There is no such ${what}.`)
  return row
}
