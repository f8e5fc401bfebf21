/**
 * A Redis that grants every lock at once to every caller. A proxy removes the NX from each SET. It sends each GET of an
 * idempotency key to an absent key, so no caller reads the state of another call. A rule that holds with this proxy needs no lock
 * in Redis.
 */
import { connect, createServer, type Socket } from 'node:net'

/** `countGranted` returns the number of SET commands from which the proxy removed the NX. */
export type LocklessRedis = { url: string; countGranted: () => number; stop: () => Promise<void> }

/** Starts the proxy in front of the Redis on this port. */
export async function startLocklessRedis(redis_port: number): Promise<LocklessRedis> {
  const sockets = new Set<Socket>()
  let granted = 0
  const server = createServer((client) => {
    const redis = connect(redis_port, '127.0.0.1')
    const both = [client, redis]
    for (const socket of both) {
      sockets.add(socket)
      socket
        .on('error', () => {})
        .on('close', () => {
          sockets.delete(socket)
          for (const other of both) other.destroy()
        })
    }
    redis.pipe(client)
    let rest = ''
    client.on('data', (chunk: Buffer) => {
      rest += chunk.toString('latin1')
      for (let next = readCommand(rest); next; next = readCommand(rest)) {
        rest = rest.slice(next.end)
        const changed = grantLock(next.words)
        if (changed.length < next.words.length) granted++
        redis.write(writeCommand(changed))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  const stop = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `redis://127.0.0.1:${port}`, countGranted: () => granted, stop }
}

function grantLock(command: string[]): string[] {
  const [name = '', key = '', ...rest] = command
  if (/^set$/i.test(name)) return [name, key, ...rest.filter((word, place) => place === 0 || !/^nx$/i.test(word))]
  if (/^get$/i.test(name) && key.startsWith('idempotency:')) return [name, `unseen:${key}`]
  return command
}

/** Returns the first command, or null if it is incomplete. Every client library sends arrays of bulk strings. */
function readCommand(text: string): { words: string[]; end: number } | null {
  // Reads one line such as `*3` or `$12`, from the end of the last one.
  const line = /[*$](\d+)\r\n/y
  const count = line.exec(text)
  const words: string[] = []
  for (let word = 0; word < Number(count?.[1]); word++) {
    const length = line.exec(text)
    const end = line.lastIndex + Number(length?.[1])
    if (!length || text.length < end + 2) return null
    words.push(text.slice(line.lastIndex, end))
    line.lastIndex = end + 2
  }
  return count && { words, end: line.lastIndex }
}

function writeCommand(words: string[]): Buffer {
  const parts = words.map((word) => `$${word.length}\r\n${word}\r\n`)
  return Buffer.from(`*${words.length}\r\n${parts.join('')}`, 'latin1')
}
