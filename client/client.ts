import createFetchClient, { type Client as FetchClient } from 'openapi-fetch'
import type { paths } from './openapi.ts'

/** Every call of the API by its path, as `client.GET('/v1/products/{id}', { params: { path: { id } } })`. */
export type Client = FetchClient<paths>

/**
 * Returns a client of the service at `url`, such as "http://localhost:3000", with the token of a session if given.
 * A call never throws for an error response: it returns `data`, or `error` with the problem, and `response`.
 */
export function openClient(url: string, token?: string): Client {
  return createFetchClient<paths>({ baseUrl: url, headers: token ? { Authorization: `Bearer ${token}` } : {} })
}
