/** Node 22.18 or later, which runs TypeScript without a build. */
import { once } from 'node:events'
import type { IncomingMessage, Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer, type HttpBindings } from '@hono/node-server'
import { type Handler, IDLE_TIMEOUT_S, type ListenOptions, type Runtime } from './adapter.ts'
import { hostInUrl } from './host.ts'
import { npmAdapters } from './npm_adapters.ts'

export const node: Runtime = {
  name: 'node',
  version: process.versions.node,
  command: [process.execPath],
  listen,
  ...npmAdapters,
}

async function listen(handler: Handler, { host, port, reuse_port }: ListenOptions) {
  const server = createAdaptorServer({
    fetch: (request, env) => handler(request, (env as HttpBindings).incoming.socket.remoteAddress),
    // The process keeps its own Request and Response.
    overrideGlobalObjects: false,
    // Used if the Host is missing, as in HTTP/1.0.
    hostname: 'localhost',
  }) as Server
  server.prependListener('request', nameReadableHost)
  server.keepAliveTimeout = IDLE_TIMEOUT_S * 1000
  // The app bounds the time for a body: intake.ts.
  server.requestTimeout = 0
  server.timeout = IDLE_TIMEOUT_S * 1000
  server.headersTimeout = IDLE_TIMEOUT_S * 1000
  server.listen({ host, port, reusePort: reuse_port })
  await once(server, 'listening')
  const stop = async (now = false) => {
    const closed = once(server, 'close')
    server.close()
    if (now) server.closeAllConnections()
    await closed
  }
  return { port: (server.address() as AddressInfo).port, stop }
}

/**
 * Hono's server itself responds with 400, to probes too, if a Host makes no URL. It reads the Host from `headers`, and passes on
 * the headers from `rawHeaders`. So this function gives the URL `localhost`, and the app still gets the received Host.
 */
function nameReadableHost({ headers }: IncomingMessage): void {
  if (headers.host) headers.host = hostInUrl(headers.host) ?? 'localhost'
}
