/** The runtime's HTTP server behind the Web-standard `fetch` of the app. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Listener } from './platform/runtime/adapter.ts'
import { runtime } from './platform/runtime/runtime.ts'

export type RunningServer = {
  url: string
  /** Continues to serve for `drain_ms`, with `Connection: close` in every response. */
  drain: (drain_ms: number) => Promise<void>
  /** Stops listening and waits for running requests. */
  stop: () => Promise<void>
}

/** Longer than a payment call (5 s), shorter than the 25 s after which the process exits (main.ts). */
const STOP_MS = 7000

type Fetch = (request: Request, bindings: { address?: string }) => Response | Promise<Response>
/**
 * `port` 0 picks a free port. With `reuse_port`, several processes share one port (Linux), for rolling restarts. `setting` is the
 * variable of the port, for the error about a port in use.
 */
export type ServeOptions = { host?: string; port: number; reuse_port?: boolean; setting?: string }

/** Listens on a port of `host`, by default 127.0.0.1. Throws one line if the port is in use. */
export async function serve(
  fetch: Fetch,
  { host = '127.0.0.1', port, reuse_port = false, setting = 'PORT' }: ServeOptions,
): Promise<RunningServer> {
  let is_draining = false
  const answer = async (request: Request, address: string | undefined) => {
    const response = await fetch(request, address ? { address } : {})
    if (is_draining) response.headers.set('Connection', 'close')
    return response
  }
  try {
    const listener = await runtime.listen(answer, { host, port, reuse_port })
    const drain = async (drain_ms: number) => {
      is_draining = true
      await sleep(drain_ms)
    }
    return { url: `http://${nameOf(host)}:${listener.port}`, drain, stop: () => stopWithin(listener, STOP_MS) }
  } catch (error) {
    if ((error as { code?: string }).code === 'EADDRINUSE')
      throw new Error(`Port ${port} is taken: set ${setting} to another one.`)
    throw error
  }
}

/** The host for URLs to a server that listens on this address. */
function nameOf(host: string): string {
  if (['127.0.0.1', '0.0.0.0', '::1', '::'].includes(host)) return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

/** Waits for running requests, but not for a request that its client never finishes. */
async function stopWithin(listener: Listener, stop_ms: number): Promise<void> {
  const timer = setTimeout(() => void listener.stop(true), stop_ms)
  await listener.stop()
  clearTimeout(timer)
}
