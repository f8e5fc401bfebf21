/** Deno 2, with the packages of npm that package.json names. */
import type { Handler, ListenOptions, Runtime } from './adapter.ts'
import { nativeTwins } from './native_twins.ts'

/** The part of Deno's own interface that is used: its types would collide with those of Bun. */
type DenoServer = { addr: { port: number }; shutdown: () => Promise<void>; finished: Promise<void> }
type DenoServe = (
  options: { port: number; hostname: string; reusePort: boolean; signal: AbortSignal; onListen: () => void },
  handler: (request: Request, info: { remoteAddr: { hostname?: string } }) => Response | Promise<Response>,
) => DenoServer
const { Deno } = globalThis as unknown as { Deno: { version: { deno: string }; serve: DenoServe } }

export const deno: Runtime = { name: 'deno', version: Deno.version.deno, listen, ...nativeTwins }

async function listen(handler: Handler, options: ListenOptions) {
  const end = new AbortController()
  const server = openServer(handler, options, end.signal)
  const stop = async (now = false) => {
    if (now) end.abort()
    else void server.shutdown()
    await server.finished
  }
  return { port: server.addr.port, stop }
}

/** On all addresses: of IPv6, which takes in IPv4, or where there is none of IPv4. */
function openServer(handler: Handler, { port, reuse_port }: ListenOptions, signal: AbortSignal): DenoServer {
  const open = (hostname: string) =>
    Deno.serve({ port, hostname, reusePort: reuse_port, signal, onListen: () => {} }, (request, { remoteAddr }) =>
      handler(request, remoteAddr.hostname),
    )
  try {
    return open('::')
  } catch (error) {
    if ((error as Error).name !== 'AddrInUse') return open('0.0.0.0')
    throw Object.assign(error as Error, { code: 'EADDRINUSE' })
  }
}
