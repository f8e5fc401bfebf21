/** Bun's own HTTP server behind the Web-standard `fetch` of the app. */
export type RunningServer = {
  url: string
  /** Serves on, and asks every client to close its connection after the answer; ends after `drain_ms`. */
  drain: (drain_ms: number) => Promise<void>
  /** Lets what runs end, and takes nothing new. */
  stop: () => Promise<void>
}

/** Above the longest handler (a payment that takes its full 5 s), below what a slow-loris would like. */
const IDLE_TIMEOUT_S = 15
/** The app refuses bodies far below this with a problem of its own; this bounds what Bun buffers. */
const MAX_REQUEST_BYTES = 32 * 1024 * 1024

/** Longer than a payment may take (5 s), shorter than a supervisor waits before it kills (10 s). */
const STOP_MS = 7000

type Fetch = (request: Request, bindings: { address?: string }) => Response | Promise<Response>
/** `port` 0 takes a free one. With `reuse_port` several processes may serve on one port, as in a rolling restart; on Linux. */
export type ServeOptions = { port: number; reuse_port?: boolean }

/** Serves on a port. Throws one clear line when the port is taken. */
export function serve(fetch: Fetch, { port, reuse_port = false }: ServeOptions): RunningServer {
  let is_draining = false
  try {
    const server = Bun.serve({
      port,
      reusePort: reuse_port,
      idleTimeout: IDLE_TIMEOUT_S,
      maxRequestBodySize: MAX_REQUEST_BYTES,
      fetch: async (request, server) => {
        const address = server.requestIP(request)?.address
        const response = await fetch(request, address ? { address } : {})
        if (is_draining) response.headers.set('Connection', 'close')
        return response
      },
    })
    const drain = async (drain_ms: number) => {
      is_draining = true
      await Bun.sleep(drain_ms)
    }
    return { url: `http://localhost:${server.port}`, drain, stop: () => stopWithin(server, STOP_MS) }
  } catch (error) {
    if ((error as { code?: string }).code === 'EADDRINUSE') throw new Error(`Port ${port} is taken: set PORT to another one.`)
    throw error
  }
}

/** Lets what runs end; a request that its client never finishes does not hold up the end. */
async function stopWithin(server: Bun.Server<unknown>, stop_ms: number): Promise<void> {
  const timer = setTimeout(() => void server.stop(true), stop_ms)
  await server.stop()
  clearTimeout(timer)
}
