import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import { Problem } from '../platform/problem.ts'
import type { Env } from './env.ts'
import { SECURITY } from './security_headers.ts'

/** Built once, because a response copies a `Headers` twice as fast as it builds one. */
const PRIVATE = new Headers({ 'Content-Type': 'application/json', 'Cache-Control': 'no-store', ...SECURITY })
const REVALIDATED = new Headers({ 'Content-Type': 'application/json', 'Cache-Control': 'no-cache', ...SECURITY })

/**
 * Sends the JSON text that PostgreSQL rendered. The default of `Cache-Control` is `no-store`. A revalidated response has
 * `no-cache` and an ETag.
 */
export function sendJson(c: Context<Env>, body: string, status = 200, headers: Record<string, string> = {}): Response {
  const is_revalidated = c.get('is_revalidated')
  const response = new Response(body, { status, headers: is_revalidated ? REVALIDATED : PRIVATE })
  for (const name in headers) response.headers.set(name, headers[name] as string)
  if (is_revalidated && !('ETag' in headers)) response.headers.set('ETag', `"${hashOf(body)}"`)
  return response
}

/** Like sendJson, with the ETag of `versionedTag`. */
export function sendVersioned(c: Context<Env>, page: { body: string; version: string }): Response {
  return sendJson(c, page.body, 200, { ETag: `"${versionedTag(page)}"` })
}

/** Returns an ETag without quotes for the page (If-None-Match) that begins with the version of its content (If-Match). */
export function versionedTag({ body, version }: { body: string; version: string }): string {
  return `${version}.${hashOf(body)}`
}

function hashOf(text: string): string {
  return createHash('sha1').update(text).digest('base64url')
}

/** Returns the row, or throws 404. Other users' private things look the same as things that do not exist. */
export function orNotFound<T>(row: T | null, what: string): T {
  if (row === null) throw new Problem('not_found', `There is no such ${what}.`)
  return row
}
