import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { Problem } from '../platform/problem.ts'
import type { Env } from './env.ts'

type Headers = Record<string, string>

/** Sends JSON text as PostgreSQL rendered it. `Cache-Control` is `no-store` by default. */
export function sendJson(c: Context<Env>, body: string, status = 200, headers: Headers = {}): Response {
  const tag: Headers = c.get('is_revalidated') && !headers.ETag ? { ETag: `"${hashOf(body)}"` } : {}
  return c.body(body, status as 200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...tag, ...headers })
}

/** As above, with an ETag for the page (If-None-Match) that begins with the version of its content (If-Match). */
export function sendVersioned(c: Context<Env>, { body, version }: { body: string; version: string }): Response {
  return sendJson(c, body, 200, { ETag: `"${version}.${hashOf(body)}"` })
}

function hashOf(text: string): string {
  return createHash('sha1').update(text).digest('base64url')
}

/** The row, or 404: for things that do not exist, and for private things of others, which look the same. */
export function orNotFound<T>(row: T | null, what: string): T {
  if (row === null) throw new Problem('not_found', `There is no such ${what}.`)
  return row
}
