/** The commands that start the service on each runtime, for tests and measurements that compare runtimes. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Runtime } from '../../src/platform/runtime/adapter.ts'
import { cacheFolder } from './stores/cache_folder.ts'

export type RuntimeName = Runtime['name']
export const RUNTIMES: readonly RuntimeName[] = ['bun', 'deno', 'node']

/** The npm packages of the runtimes that tests use. */
const PACKAGES = ['node@26.10.0', 'deno@2.9.6']
const INSTALL_TIMEOUT_MS = 5 * 60_000
/** The instruction for a machine without Deno. */
export const RUNTIMES_HINT = '"bun run test --runtime deno" fetches it from npm'

/** The name contains the versions, so each set of versions has its own folder. */
const folder = () => join(cacheFolder(), `runtimes-${PACKAGES.join('-')}`)

/** Returns the path of the runtime, whether it is installed or not. */
export function pathOf(name: RuntimeName): string {
  return name === 'bun' ? process.execPath : join(folder(), 'node_modules', '.bin', name)
}

export function hasRuntime(name: RuntimeName): boolean {
  return existsSync(pathOf(name))
}

/** Returns the command that runs a TypeScript file. Throws if the runtime is not installed (see findOrInstallRuntimes). */
export function commandOf(name: RuntimeName): string[] {
  if (!hasRuntime(name)) throw new Error(`There is no ${name}: ${RUNTIMES_HINT}.`)
  return name === 'deno' ? [pathOf(name), 'run', '--allow-all', '--quiet'] : [pathOf(name)]
}

/** Installs Node and Deno from npm if one of them is missing. Throws npm's output if npm fails. */
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

/** Returns the runtime that STALLWRIGHT_RUNTIME names. The default is Bun. */
export function chosenRuntime(): RuntimeName {
  const { STALLWRIGHT_RUNTIME: name = 'bun' } = process.env
  const known = RUNTIMES.find((one) => one === name)
  if (!known) throw new Error(`STALLWRIGHT_RUNTIME is ${RUNTIMES.join(', ')}, not "${name}".`)
  return known
}
