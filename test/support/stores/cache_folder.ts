import { homedir } from 'node:os'
import { join } from 'node:path'

/**
 * Returns the folder for the programs that tests install. Root has another folder, because the user that root runs the servers as
 * cannot read root's home.
 */
export function cacheFolder(): string {
  if (process.getuid?.() === 0) return '/var/cache/stallwright'
  return join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'stallwright')
}
