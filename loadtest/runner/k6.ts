import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from '../../test/support/stores/cache_folder.ts'

/** Built with Go: its npm package is an empty placeholder. */
const MODULE = 'go.k6.io/k6@v1.8.1'
/** For whoever has none. */
export const K6_HINT =
  'install it as https://grafana.com/docs/k6/latest/set-up/install-k6/ says, or name it in K6_PATH, or install Go'
const BUILD_TIMEOUT_MS = 10 * 60_000

/** Where k6 is: K6_PATH, on the PATH, or where findOrBuildK6 has put it; null where it is not. */
export function findK6(): string | null {
  const { K6_PATH } = process.env
  if (K6_PATH) return existsSync(K6_PATH) ? K6_PATH : null
  const built = join(cacheFolder(), 'k6')
  return Bun.which('k6') ?? (existsSync(built) ? built : null)
}

/** Finds it, or builds it where there is Go; null where it cannot be had, or is not where K6_PATH says. */
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
