/** Calls of the API. k6 counts each by its name, not by its URL. A check compares its status with the expected ones. */
import { check } from 'k6'
import http, { type RefinedResponse } from 'k6/http'

/** The calls of each scene (scenes.ts). The report has figures for each call. */
export const CALLS_OF = {
  browse: ['GET /v1/categories/{slug}', 'GET /v1/search (category)', 'GET /v1/shops/{id}'],
  search: ['GET /v1/search', 'GET /v1/search/suggest'],
  product_page: ['GET /v1/products/{id}'],
  cart: ['POST /v1/cart/items', 'GET /v1/cart', 'DELETE /v1/cart/lines/{line_id}'],
  checkout: ['POST /v1/cart/items', 'POST /v1/checkout'],
  seller: ['PATCH /v1/products/{id}', 'GET /v1/shops/{id}/products'],
  flash_sale: ['POST /v1/cart/items', 'POST /v1/checkout'],
} as const

export type Scene = keyof typeof CALLS_OF
type Call = (typeof CALLS_OF)[Scene][number]

/** The address of the service: BASE_URL, or this machine's port 3000. */
export const BASE_URL = (__ENV.BASE_URL || 'http://127.0.0.1:3000').replace(/\/+$/, '')
const API = `${BASE_URL}/v1`

export type Answer = RefinedResponse<'text'>
/** `expected` defaults to 200. */
type Options = { name: Call; token?: string; body?: object; key?: string; expected?: number[] }

export function get(path: string, options: Options): Answer {
  return send('GET', path, options)
}

export function post(path: string, options: Options): Answer {
  return send('POST', path, options)
}

export function send(method: string, path: string, { name, token, body, key, expected = [200] }: Options): Answer {
  const headers: Record<string, string> = {}
  if (body) headers['Content-Type'] = 'application/json'
  if (token) headers.Authorization = `Bearer ${token}`
  if (key) headers['Idempotency-Key'] = key
  // The options of the suites discard bodies. The scenes read those of a POST.
  const responseType = method === 'POST' ? ('text' as const) : ('none' as const)
  const params = { tags: { name }, headers, timeout: '10s', responseType, responseCallback: http.expectedStatuses(...expected) }
  const answer = http.request(method, `${API}${path}`, body ? JSON.stringify(body) : null, params)
  check(answer, { [`${name} answers ${expected.join(' or ')}`]: ({ status }) => expected.includes(status) })
  return answer
}
