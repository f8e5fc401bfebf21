import createFetchClient, { type Client as FetchClient } from 'openapi-fetch'
import type { paths } from './openapi.ts'

/** Every call of the API by its path, as `client.GET('/v1/products/{id}', { params: { path: { id } } })`. */
export type Client = FetchClient<paths>

/**
 * A client of the service at `url`, such as "http://localhost:3000"; with the token of somebody who is signed in, as them.
 * A call never throws for what the service answers: it returns `data`, or `error` with the problem, and `response`.
 */
export function openClient(url: string, token?: string): Client {
  return createFetchClient<paths>({ baseUrl: url, headers: token ? { Authorization: `Bearer ${token}` } : {} })
}
