/** Bun's own HTTP server behind the Web-standard `fetch` of the app. */
export type RunningServer = { url: string; stop: () => Promise<void> }

/** Above the longest handler (a payment that takes its full 5 s), below what a slow-loris would like. */
const IDLE_TIMEOUT_S = 15
/** The app refuses bodies far below this with a problem of its own; this bounds what Bun buffers. */
const MAX_REQUEST_BYTES = 32 * 1024 * 1024

/** Longer than a payment may take (5 s), shorter than a supervisor waits before it kills (10 s). */
const DRAIN_MS = 7000

type Fetch = (request: Request, bindings: { address?: string }) => Response | Promise<Response>

/** Serves on a port; 0 takes a free one. Throws one clear line when the port is taken. */
export function serve(fetch: Fetch, port: number): RunningServer {
  try {
    const server = Bun.serve({
      port,
      idleTimeout: IDLE_TIMEOUT_S,
      maxRequestBodySize: MAX_REQUEST_BYTES,
      fetch: (request, server) => {
        const address = server.requestIP(request)?.address
        return fetch(request, address ? { address } : {})
      },
    })
    return { url: `http://localhost:${server.port}`, stop: () => stopWithin(server, DRAIN_MS) }
  } catch (error) {
    if ((error as { code?: string }).code === 'EADDRINUSE') throw new Error(`Port ${port} is taken: set PORT to another one.`)
    throw error
  }
}

/** Lets what runs end; a request that its client never finishes does not hold up the end. */
async function stopWithin(server: Bun.Server<unknown>, drain_ms: number): Promise<void> {
  const timer = setTimeout(() => void server.stop(true), drain_ms)
  await server.stop()
  clearTimeout(timer)
}
