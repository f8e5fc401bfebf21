import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from '../../test/support/stores/cache_folder.ts'

/** A Go module, because the npm package of k6 is an empty placeholder. */
const MODULE = 'go.k6.io/k6@v1.8.1'
/** The instruction for a machine without k6. */
export const K6_HINT =
  'install it as https://grafana.com/docs/k6/latest/set-up/install-k6/ says, or name it in K6_PATH, or install Go'
const BUILD_TIMEOUT_MS = 10 * 60_000

/** Returns the path of k6: from K6_PATH, from the PATH, or from findOrBuildK6. Returns null if k6 is not installed. */
export function findK6(): string | null {
  const { K6_PATH } = process.env
  if (K6_PATH) return existsSync(K6_PATH) ? K6_PATH : null
  const built = join(cacheFolder(), 'k6')
  return Bun.which('k6') ?? (existsSync(built) ? built : null)
}

/** Finds k6, or builds it if there is Go. Returns null if neither is possible, or if K6_PATH names no file. */
export async function findOrBuildK6(): Promise<string | null> {
  const found = findK6()
  if (found || process.env.K6_PATH || !Bun.which('go')) return found
  console.log(`Building ${MODULE}, once, which takes some two minutes…`)
  mkdirSync(cacheFolder(), { recursive: true, mode: 0o755 })
  const env = { ...process.env, GOBIN: cacheFolder(), GOFLAGS: '-mod=mod' }
  const build = Bun.spawn(['go', 'install', MODULE], { cwd: cacheFolder(), env, stdin: 'ignore', timeout: BUILD_TIMEOUT_MS })
  await build.exited
  return findK6()
}
