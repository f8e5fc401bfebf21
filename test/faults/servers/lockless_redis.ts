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
    const parse = openCommandParser()
    const both = [client, redis]
    for (const socket of both) {
      sockets.add(socket)
      socket.on('error', () => {})
      socket.on('close', () => {
        sockets.delete(socket)
        for (const other of both) other.destroy()
      })
    }
    redis.pipe(client)
    client.on('data', (chunk: Buffer) => {
      for (const command of parse(chunk)) {
        const changed = grantLock(command)
        if (changed.length < command.length) granted++
        redis.write(writeCommand(changed))
      }
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  const port = typeof address === 'object' && address ? address.port : 0
  const stop = async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise((resolve) => server.close(resolve))
  }
  return { url: `redis://127.0.0.1:${port}`, countGranted: () => granted, stop }
}

function grantLock(command: string[]): string[] {
  const [name = '', key = '', ...rest] = command
  if (/^set$/i.test(name)) return [name, key, ...rest.slice(0, 1), ...rest.slice(1).filter((word) => !/^nx$/i.test(word))]
  if (/^get$/i.test(name) && key.startsWith('idempotency:')) return [name, `unseen:${key}`]
  return command
}

/** Splits the bytes of a client into commands and keeps an incomplete one. Every client library sends arrays of bulk strings. */
function openCommandParser(): (chunk: Buffer) => string[][] {
  let rest = Buffer.alloc(0)
  return (chunk) => {
    rest = Buffer.concat([rest, chunk])
    const commands: string[][] = []
    for (let next = readCommand(rest); next; next = readCommand(rest)) {
      commands.push(next.words)
      rest = rest.subarray(next.end)
    }
    return commands
  }
}

function readCommand(bytes: Buffer): { words: string[]; end: number } | null {
  const count = readLine(bytes, 0)
  if (!count) return null
  const words: string[] = []
  let at = count.end
  for (let word = 0; word < count.number; word++) {
    const length = readLine(bytes, at)
    if (!length || bytes.length < length.end + length.number + 2) return null
    words.push(bytes.toString('latin1', length.end, length.end + length.number))
    at = length.end + length.number + 2
  }
  return { words, end: at }
}

/** Returns the number of a line such as `*3` or `$12`, or null if the line is incomplete. */
function readLine(bytes: Buffer, at: number): { number: number; end: number } | null {
  const end = bytes.indexOf('\r\n', at)
  return end < 0 ? null : { number: Number(bytes.toString('latin1', at + 1, end)), end: end + 2 }
}

function writeCommand(words: string[]): Buffer {
  const parts = words.map((word) => `$${word.length}\r\n${word}\r\n`)
  return Buffer.from(`*${words.length}\r\n${parts.join('')}`, 'latin1')
}
