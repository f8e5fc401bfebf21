/** How the service is started by each runtime: for tests and measurements that compare them. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Runtime } from '../../src/platform/runtime/adapter.ts'
import { cacheFolder } from './stores/cache_folder.ts'

export type RuntimeName = Runtime['name']
export const RUNTIMES: readonly RuntimeName[] = ['bun', 'deno', 'node']

/** The versions that tests run on, as npm has them. */
const PACKAGES = ['node@26.10.0', 'deno@2.9.6']
const INSTALL_TIMEOUT_MS = 5 * 60_000
/** For whoever has none. */
export const RUNTIMES_HINT = '"bun run test --runtime deno" fetches it from npm'

/** Other versions, another folder. */
const folder = () => join(cacheFolder(), `runtimes-${PACKAGES.join('-')}`)

/** Where the program is kept. */
export function pathOf(name: RuntimeName): string {
  return name === 'bun' ? process.execPath : join(folder(), 'node_modules', '.bin', name)
}

export function hasRuntime(name: RuntimeName): boolean {
  return existsSync(pathOf(name))
}

/** What runs a TypeScript file. Throws where the runtime is not there: see findOrInstallRuntimes. */
export function commandOf(name: RuntimeName): string[] {
  if (!hasRuntime(name)) throw new Error(`There is no ${name}: ${RUNTIMES_HINT}.`)
  return name === 'deno' ? [pathOf(name), 'run', '--allow-all', '--quiet'] : [pathOf(name)]
}

/** Fetches Node and Deno from npm, once; throws what npm says when it cannot. */
export function findOrInstallRuntimes(): void {
  if (hasRuntime('node') && hasRuntime('deno')) return
  console.log(`Fetching ${PACKAGES.join(' and ')}, once…`)
  mkdirSync(folder(), { recursive: true, mode: 0o755 })
  writeFileSync(join(folder(), 'package.json'), '{ "private": true }\n')
  const npm = spawnSync('npm', ['install', '--no-audit', '--no-fund', '--save-exact', ...PACKAGES], {
    cwd: folder(),
    encoding: 'utf8',
    timeout: INSTALL_TIMEOUT_MS,
  })
  if (npm.status !== 0) throw new Error(`npm cannot install ${PACKAGES.join(' and ')}: ${npm.stderr || npm.error?.message}`)
}

/** The runtime that STALLWRIGHT_RUNTIME names; Bun unless it says otherwise. */
export function chosenRuntime(): RuntimeName {
  const { STALLWRIGHT_RUNTIME: name = 'bun' } = process.env
  const known = RUNTIMES.find((one) => one === name)
  if (!known) throw new Error(`STALLWRIGHT_RUNTIME is ${RUNTIMES.join(', ')}, not "${name}".`)
  return known
}
