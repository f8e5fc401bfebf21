import { homedir } from 'node:os'
import { join } from 'node:path'

/** Where what tests install is kept. Root's own cache folder is closed to the user that root runs the server as. */
export function cacheFolder(): string {
  if (process.getuid?.() === 0) return '/var/cache/stallwright'
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'stallwright')
}
