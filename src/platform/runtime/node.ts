/** Node 22.18 or later, which runs TypeScript as it is. */
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
    // A process that does something else besides keeps its own Request and Response.
    overrideGlobalObjects: false,
    // Stands for a Host that is missing, as in HTTP/1.0.
    hostname: 'localhost',
  }) as Server
  server.prependListener('request', nameReadableHost)
  server.keepAliveTimeout = IDLE_TIMEOUT_S * 1000
  // How long a body may take, the app says: intake.ts.
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
 * Hono's server answers 400 by itself, to probes too, where a Host makes no URL. It reads the Host from `headers`, and hands on the
 * headers as they came from `rawHeaders`: so the URL names `localhost`, and the app sees the Host that was sent.
 */
function nameReadableHost({ headers }: IncomingMessage): void {
  if (headers.host) headers.host = hostInUrl(headers.host) ?? 'localhost'
}
