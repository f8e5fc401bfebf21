/** A proxy in front of PostgreSQL that counts the round round_trips of chosen connections. */
import { connect, createServer, type Socket } from 'node:net'

export type CountingProxy = {
  /** The URL of the database through the proxy. */
  url: string
  /** Returns the number of times that a client sent data after PostgreSQL had responded. */
  countRoundTrips: () => number
  stop: () => Promise<void>
}

/** Opens the proxy. Only connections with this application_name count. */
export async function openCountingProxy(database_url: string, application_name: string): Promise<CountingProxy> {
  const target = new URL(database_url)
  const sockets = new Set<Socket>()
  let round_trips = 0
  const server = createServer((client) => {
    const store = connect(Number(target.port || 5432), target.hostname)
    let is_counted = false
    let has_responded = true
    for (const socket of [client, store]) {
      sockets.add(socket)
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket)
          client.destroy()
          store.destroy()
        })
    }
    client.on('data', (chunk: Buffer) => {
      // The first message contains the parameters of the connection. A zero byte ends each name and each value.
      is_counted ||= chunk.includes(`application_name\0${application_name}\0`)
      if (has_responded && is_counted) round_trips++
      has_responded = false
      store.write(chunk)
    })
    store.on('data', (chunk: Buffer) => {
      has_responded = true
      client.write(chunk)
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const url = new URL(database_url)
  url.hostname = '127.0.0.1'
  url.port = String(port)
  const stop = async () => {
    const closed = new Promise<void>((resolve) => server.close(() => resolve()))
    for (const socket of sockets) socket.destroy()
    await closed
  }
  return { url: url.href, countRoundTrips: () => round_trips, stop }
}
