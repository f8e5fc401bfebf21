/** A proxy between one API process and Redis. A scenario can cut this line while the other processes keep theirs. */
import { connect, createServer, type Socket } from 'node:net'

/** `cut` ends the connections and refuses new ones until `mend`. */
export type RedisLine = { url: string; cut: () => void; mend: () => void; stop: () => Promise<void> }

/** Opens a line to the Redis on this port. */
export async function openRedisLine(redis_port: number): Promise<RedisLine> {
  const sockets = new Set<Socket>()
  let is_cut = false
  const server = createServer((client) => {
    if (is_cut) return void client.destroy()
    const redis = connect(redis_port, '127.0.0.1')
    for (const [socket, other] of [
      [client, redis],
      [redis, client],
    ] as const) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        other.destroy()
      })
      socket.pipe(other)
    }
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const breakAll = () => {
    for (const socket of sockets) socket.destroy()
  }
  return {
    url: `redis://127.0.0.1:${port}`,
    cut: () => {
      is_cut = true
      breakAll()
    },
    mend: () => {
      is_cut = false
    },
    stop: async () => {
      breakAll()
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
