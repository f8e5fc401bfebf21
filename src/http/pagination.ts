/** Keyset pages: opaque, signed cursors that belong to one list with one set of filters. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import type { Context } from 'hono'
import { invalidInput } from '../platform/problem.ts'
import type { Env } from './env.ts'
import { sendJson } from './respond.ts'

/** The default number of items on a page. */
export const PAGE_SIZE = 24

/** The two query parameters of every list. */
export const PageQuery = {
  limit: Type.Optional(
    Type.Integer({ minimum: 1, maximum: 100, default: PAGE_SIZE, description: 'The number of items of a page.' }),
  ),
  cursor: Type.Optional(Type.String({ maxLength: 500, description: 'The `next_cursor` of the previous page.' })),
}

/** Returns the schema of a page. `$id` is its name in the document. */
export function PageOf<T extends TSchema>($id: string, item: T) {
  const next_cursor = Type.Union([Type.String(), Type.Null()], {
    description: 'Send it as `cursor` to get the next page; null on the last page.',
  })
  return Type.Object({ items: Type.Array(item), next_cursor }, { $id, additionalProperties: false })
}

/** The key of the last item of a page, in the form that SQL made. */
export const CursorKey = Type.Union([Type.Array(Type.Unknown()), Type.Null()])
export type Row = { item: string; cursor: string }

/**
 * Returns the arguments of a list statement: the key of the last item before the page, and a limit of one row more than the page.
 */
export function pageArguments(
  c: Context<Env>,
  query: { limit?: number; cursor?: string },
): { after: Static<typeof CursorKey>; page_size: number } {
  return { after: query.cursor ? openCursor(c, query.cursor) : null, page_size: (query.limit ?? PAGE_SIZE) + 1 }
}

/** Sends one page of rows fetched with `pageArguments`. */
export function sendPage(c: Context<Env>, rows: Row[], page_size: number): Response {
  const items = rows.slice(0, page_size - 1)
  return sendItems(c, items, rows.length === page_size ? (items.at(-1)?.cursor ?? null) : null)
}

/** Returns the place in a ranking at which the page of this cursor begins. Rankings have places, not keys. */
export function placeOf(c: Context<Env>, cursor: string | undefined): number {
  return cursor ? Number(openCursor(c, cursor)[0]) : 0
}

/** Sends one page of a ranking. `next` is the place of the next page, or null on the last one. */
export function sendRanked(c: Context<Env>, items: { item: string }[], next: number | null): Response {
  return sendItems(c, items, next === null ? null : JSON.stringify([next]))
}

/** Sends a list with the cursor of the next page, whose key is JSON text, or null on the last page. */
function sendItems(c: Context<Env>, items: { item: string }[], next_key: string | null): Response {
  const next_cursor = next_key === null ? null : sealCursor(c, next_key)
  const body = `{"items":[${items.map((row) => row.item).join(',')}],"next_cursor":${JSON.stringify(next_cursor)}}`
  return sendJson(c, body, 200, linkToNext(c, next_cursor))
}

/** Returns the `Link` header to the next page. The last page has none. */
export function linkToNext(c: Context<Env>, next_cursor: string | null): Record<string, string> {
  if (!next_cursor) return {}
  const url = new URL(c.req.url)
  url.searchParams.set('cursor', next_cursor)
  return { Link: `<${url.pathname}${url.search}>; rel="next"` }
}

/** Returns an opaque cursor for a key given as JSON text. */
export function sealCursor(c: Context<Env>, key: string): string {
  const payload = Buffer.from(key).toString('base64url')
  return `${payload}.${sign(c, payload)}`
}

/** Returns the key in a cursor. Throws 422 for a cursor of another list. */
export function openCursor(c: Context<Env>, cursor: string): unknown[] {
  const [payload = '', signature = ''] = cursor.split('.')
  const expected = Buffer.from(sign(c, payload))
  const given = Buffer.from(signature)
  if (given.length !== expected.length || !timingSafeEqual(given, expected)) {
    throw invalidInput([{ pointer: '#/cursor', detail: 'must be the next_cursor of this list; to start again, leave it out' }])
  }
  return JSON.parse(Buffer.from(payload, 'base64url').toString())
}

/** The signature covers path and filters, because a cursor is valid in one list only. */
function sign(c: Context<Env>, payload: string): string {
  const url = new URL(c.req.url)
  const filters = [...url.searchParams].filter(([name, value]) => name !== 'cursor' && name !== 'limit' && value !== '').sort()
  const list = JSON.stringify([url.pathname, filters])
  return createHmac('sha256', c.get('cursor_secret')).update(`${list}\n${payload}`).digest('base64url').slice(0, 22)
}
