import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import { findProgram } from '../../support/requirements.ts'
import { findFreePort } from '../../support/simulated_payments.ts'

/** A run's own Redis, without persistence. */
export type RedisProcess = {
  url: string
  port: number
  /** The id of the process that runs now. */
  pid: () => number
  flush: () => Promise<void>
  /** Suspends the process: its connections stay open and it does not respond. */
  freeze: () => void
  thaw: () => void
  kill: () => Promise<void>
  /** Starts a killed Redis again on the same port, empty, and waits until it responds. */
  restart: () => Promise<void>
}

/** Starts a Redis on a free port and waits until it responds. */
export async function startRedis(): Promise<RedisProcess> {
  const program = findProgram('redis-server')
  if (!program) throw new Error('There is no redis-server.')
  const port = await findFreePort()
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-redis-'))
  const command = [program, '--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder]
  const spawn = () => Bun.spawn(command, { stdin: 'ignore', stdout: 'ignore', stderr: 'inherit' })
  const connect = async () => {
    const client = new Redis(port, '127.0.0.1', { retryStrategy: (attempt) => Math.min(20 * attempt, 200) })
    client.on('error', () => {})
    await client.ping()
    return client
  }
  let child = spawn()
  let client = await connect()
  return {
    url: `redis://127.0.0.1:${port}`,
    port,
    pid: () => child.pid,
    flush: async () => void (await client.flushall()),
    freeze: () => child.kill('SIGSTOP'),
    thaw: () => child.kill('SIGCONT'),
    kill: async () => {
      if (child.killed) return
      client.disconnect()
      child.kill('SIGKILL')
      await child.exited
      rmSync(folder, { recursive: true, force: true })
    },
    restart: async () => {
      mkdirSync(folder)
      child = spawn()
      client = await connect()
    },
  }
}
