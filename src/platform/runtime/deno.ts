/** Deno 2, with the npm packages of package.json. */
import type { Handler, ListenOptions, Runtime } from './adapter.ts'
import { npmAdapters } from './npm_adapters.ts'

/** The part of Deno's interface that is used. Deno's own types would collide with Bun's. */
type DenoServer = { addr: { port: number }; shutdown: () => Promise<void>; finished: Promise<void> }
type DenoServe = (
  options: { port: number; hostname: string; reusePort: boolean; signal: AbortSignal; onListen: () => void },
  handler: (request: Request, info: { remoteAddr: { hostname?: string } }) => Response | Promise<Response>,
) => DenoServer
const { Deno } = globalThis as unknown as { Deno: { version: { deno: string }; serve: DenoServe } }

const COMMAND = ['run', '--quiet', '--allow-read', '--allow-env', '--allow-ffi', '--allow-sys']

export const deno: Runtime = {
  name: 'deno',
  version: Deno.version.deno,
  command: [process.execPath, ...COMMAND],
  listen,
  ...npmAdapters,
}

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

function openServer(handler: Handler, { host, port, reuse_port }: ListenOptions, signal: AbortSignal): DenoServer {
  try {
    return Deno.serve({ port, hostname: host, reusePort: reuse_port, signal, onListen: () => {} }, (request, { remoteAddr }) =>
      handler(request, remoteAddr.hostname),
    )
  } catch (error) {
    if ((error as Error).name !== 'AddrInUse') throw error
    throw Object.assign(error as Error, { code: 'EADDRINUSE' })
  }
}
