/** The way to a PostgreSQL, on which every round trip of chosen connections is counted. */
import { connect, createServer, type Socket } from 'node:net'

export type CountedLine = {
  /** The database's URL by way of the line. */
  url: string
  /** How often a client has sent something after it had heard all it was waiting for. */
  countTrips: () => number
  stop: () => Promise<void>
}

/** Opens it; only the connections whose application_name this is count. */
export async function openCountedLine(database_url: string, application_name: string): Promise<CountedLine> {
  const target = new URL(database_url)
  const sockets = new Set<Socket>()
  let trips = 0
  const server = createServer((client) => {
    const store = connect(Number(target.port || 5432), target.hostname)
    let is_counted = false
    let has_answered = true
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
      // The first message names the parameters of the connection, each ended by a zero byte.
      is_counted ||= chunk.includes(`application_name\0${application_name}\0`)
      if (has_answered && is_counted) trips++
      has_answered = false
      store.write(chunk)
    })
    store.on('data', (chunk: Buffer) => {
      has_answered = true
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
  return { url: url.href, countTrips: () => trips, stop }
}
