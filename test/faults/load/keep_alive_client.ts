/** A client that keeps its connection and reports every break of it. `fetch` silently retries after some breaks. */
import { connect, type Socket } from 'node:net'
import type { Person } from '../../support/people.ts'
import type { Call } from './calls.ts'

/**
 * `broken`: the connection of the request ended before its response. It was `kept` open after an earlier response, or it was
 * `new`.
 */
export type RawResponse = { status: number; text: string } | { broken: 'kept' | 'new'; by: string }
export type KeepAliveClient = { send: (request: RawRequest) => Promise<RawResponse>; close: () => void }
export type RawRequest = { method: string; path: string; headers?: Record<string, string>; body?: string }

type Waiter = { resolve: (response: RawResponse) => void; was_kept: boolean }

/** Opens one connection at a time to this URL. It opens another one only after a response or the server has closed the last. */
export function openKeepAliveClient(address: string): KeepAliveClient {
  const { hostname, port } = new URL(address)
  let socket: Socket | null = null
  let received = Buffer.alloc(0)
  let waiter: Waiter | null = null
  let is_kept = false

  const respond = (response: RawResponse) => {
    waiter?.resolve(response)
    waiter = null
  }
  const drop = (one: Socket, by: string) => {
    if (socket !== one) return
    socket = null
    one.destroy()
    if (waiter) respond({ broken: waiter.was_kept ? 'kept' : 'new', by })
  }
  const read = (one: Socket, chunk: Buffer) => {
    received = Buffer.concat([received, chunk])
    const whole = parseResponse(received)
    if (!whole) return
    received = Buffer.alloc(0)
    is_kept = true
    respond({ status: whole.status, text: whole.text })
    if (whole.closes) drop(one, 'closed')
  }
  const open = () => {
    const one = connect(Number(port), hostname)
    one.setNoDelay(true)
    received = Buffer.alloc(0)
    is_kept = false
    one.on('data', (chunk: Buffer) => read(one, chunk))
    one.on('error', (error) => drop(one, error.message))
    one.on('close', () => drop(one, 'closed'))
    return one
  }
  return {
    send: ({ method, path, headers = {}, body = '' }) =>
      new Promise((resolve) => {
        socket ??= open()
        waiter = { resolve, was_kept: is_kept }
        const lines = Object.entries({
          ...headers,
          Host: `${hostname}:${port}`,
          'Content-Length': String(Buffer.byteLength(body)),
        })
        socket.write(`${method} ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}\r\n`).join('')}\r\n${body}`)
      }),
    close: () => {
      socket?.destroy()
      socket = null
    },
  }
}

/** Returns the HTTP request of a call, by a person or anonymous. */
export function asRequest({ method, path, body, key }: Call, person?: Person): RawRequest {
  const headers = {
    ...(person === undefined ? {} : { Authorization: `Bearer ${person.token}` }),
    ...(body === undefined ? {} : { 'Content-Type': 'application/json' }),
    ...(key === undefined ? {} : { 'Idempotency-Key': key }),
  }
  return { method, path, headers, ...(body === undefined ? {} : { body: JSON.stringify(body) }) }
}

/** Returns the response, or null if it is incomplete. Each response of the API has a Content-Length, or no body. */
function parseResponse(bytes: Buffer): { status: number; text: string; closes: boolean } | null {
  const end = bytes.indexOf('\r\n\r\n')
  if (end < 0) return null
  const head = bytes.subarray(0, end).toString()
  const length = Number(/^content-length: (\d+)/im.exec(head)?.[1] ?? 0)
  const body = bytes.subarray(end + 4)
  if (body.length < length) return null
  return { status: Number(head.slice(9, 12)), text: body.toString(), closes: /^connection: close/im.test(head) }
}
