/** The simulated payment provider in a separate process, for tests that kill a process. */
import { createServer } from 'node:net'
import { join } from 'node:path'
import type { BankCounts } from '../../src/domains/payments/simulated_bank_records.ts'
import type { ChargeRecord, Counts } from '../../src/domains/payments/simulated_records.ts'
import { projectRoot } from '../../src/platform/project.ts'

/** `stop` sends SIGTERM, `kill` SIGKILL; both wait until the process is gone. The log stays. */
export type SimulatedPayments = {
  url: string
  count: () => Promise<Counts & BankCounts>
  find: (key: string | number) => Promise<ChargeRecord | null>
  /** Does something in the provider's dashboard: a refund, a dispute, its end. */
  post: (path: string, body?: Record<string, string>) => Promise<void>
  stop: () => Promise<void>
  kill: () => Promise<void>
}

/** `port` 0 takes a free port. `plan` is a plan of simulated_webhooks.ts. */
export type SimulatedPaymentsOptions = { log: string; port?: number; webhook?: { url: string; secret: string; plan: string } }

/** Starts the provider with the charges of its log. */
export async function startSimulatedPayments({ log, port = 0, webhook }: SimulatedPaymentsOptions): Promise<SimulatedPayments> {
  const hook = webhook ? ['--webhook-url', webhook.url, '--webhook-secret', webhook.secret, '--webhooks', webhook.plan] : []
  const command = [
    process.execPath,
    join(projectRoot, 'src', 'domains', 'payments', 'simulated_server.ts'),
    '--port',
    String(port),
    '--log',
    log,
    ...hook,
  ]
  const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'pipe', stderr: 'inherit' })
  let text = ''
  for await (const chunk of child.stdout.pipeThrough(new TextDecoderStream())) {
    text += chunk
    if (text.includes('\n')) break
  }
  const url = / on (\S+)/.exec(text)?.[1]
  if (!url) throw new Error(`The simulated provider did not start: ${text}`)
  const end = (signal: 'SIGTERM' | 'SIGKILL') => async () => {
    child.kill(signal)
    await child.exited
  }
  return {
    url,
    count: async () => (await fetch(`${url}/counts`)).json() as Promise<Counts & BankCounts>,
    find: async (key) => {
      const response = await fetch(`${url}/charges/${key}`)
      const body = (await response.json()) as ChargeRecord
      return response.ok ? body : null
    },
    post: async (path, body = {}) => {
      const headers = { 'Content-Type': 'application/json' }
      const response = await fetch(`${url}${path}`, { method: 'POST', headers, body: JSON.stringify(body) })
      if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`)
    },
    stop: end('SIGTERM'),
    kill: end('SIGKILL'),
  }
}

/** Returns a free port, for two processes that need each other's port before they start. */
export async function findFreePort(): Promise<number> {
  const server = createServer()
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const address = server.address()
  await new Promise((resolve) => server.close(resolve))
  return typeof address === 'object' && address ? address.port : 0
}
