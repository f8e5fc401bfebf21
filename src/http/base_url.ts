import type { Context } from 'hono'
import type { Env } from './env.ts'

/** Returns the base of the URLs in responses: PUBLIC_URL, or the origin of the request. */
export function baseUrl(c: Context<Env>): string {
  return c.get('public_url') ?? new URL(c.req.url).origin
}
