/** The runtime's HTTP server behind the Web-standard `fetch` of the app. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Listener } from './platform/runtime/adapter.ts'
import { runtime } from './platform/runtime/runtime.ts'

export type RunningServer = {
  url: string
  /** Serves on, and asks every client to close its connection after the answer; ends after `drain_ms`. */
  drain: (drain_ms: number) => Promise<void>
  /** Lets what runs end, and takes nothing new. */
  stop: () => Promise<void>
}

/** Longer than a payment may take (5 s), shorter than a supervisor waits before it kills (10 s). */
const STOP_MS = 7000

type Fetch = (request: Request, bindings: { address?: string }) => Response | Promise<Response>
/**
 * `port` 0 takes a free one. With `reuse_port` several processes may serve on one port, as in a rolling restart; on Linux.
 * `setting` is the variable that names the port, for the message about one that is taken.
 */
export type ServeOptions = { host?: string; port: number; reuse_port?: boolean; setting?: string }

/** Serves on a port of `host`, 127.0.0.1 where none is given. Throws one clear line when the port is taken. */
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

/** What a URL of this machine calls the address that a server listens on. */
function nameOf(host: string): string {
  if (['127.0.0.1', '0.0.0.0', '::1', '::'].includes(host)) return 'localhost'
  return host.includes(':') ? `[${host}]` : host
}

/** Lets what runs end; a request that its client never finishes does not hold up the end. */
async function stopWithin(listener: Listener, stop_ms: number): Promise<void> {
  const timer = setTimeout(() => void listener.stop(true), stop_ms)
  await listener.stop()
  clearTimeout(timer)
}
