import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { findProgram } from '../requirements.ts'
import type { Store } from './store.ts'

/** Go fetches and compiles the module and its dependencies once, and keeps the result. */
const BUILD_TIMEOUT_MS = 3 * 60_000

/** Stripe's own mock of its API: from STRIPE_MOCK_PATH, from the PATH, or built if there is Go. */
export const stripeMock: Store = {
  name: 'stripe-mock',
  provide: async () => {
    const path = findProgram('stripe-mock') ?? (await findBuilt()) ?? (await build())
    return path ? { STRIPE_MOCK_PATH: path } : null
  },
}

/** Looks in the folder of `go install`, which is often not on the PATH. */
async function findBuilt(): Promise<string | null> {
  const folder = (await run(['go', 'env', 'GOBIN'])) || join((await run(['go', 'env', 'GOPATH'])) ?? '', 'bin')
  const path = join(folder, 'stripe-mock')
  return existsSync(path) ? path : null
}

async function build(): Promise<string | null> {
  if ((await run(['go', 'version'])) === null) return null
  console.log('Building stripe-mock for the tests that need it…')
  await run(['go', 'install', 'github.com/stripe/stripe-mock@latest'])
  return findBuilt()
}

/** Returns the output of a command. Returns null if the command fails or is missing. */
async function run(command: string[]): Promise<string | null> {
  try {
    const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'pipe', stderr: 'ignore', timeout: BUILD_TIMEOUT_MS })
    const output = await new Response(child.stdout).text()
    return (await child.exited) === 0 ? output.trim() : null
  } catch {
    return null
  }
}
