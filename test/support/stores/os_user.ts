import { spawnSync } from 'node:child_process'

/**
 * Returns the OS user for servers that refuse to run as root: `postgres`, which the embedded PostgreSQL makes, too. Returns null
 * if this process is not root.
 */
export function unprivilegedUser(): { uid: number; gid: number } | null {
  if (process.getuid?.() !== 0) return null
  const id = (flag: string) => spawnSync('id', [flag, 'postgres'], { encoding: 'utf8' })
  if (id('-u').status !== 0) spawnSync('useradd', ['--system', '--no-create-home', '--user-group', 'postgres'])
  const uid = Number(id('-u').stdout)
  if (!uid) throw new Error('As root this needs an OS user "postgres": run "useradd --system postgres".')
  return { uid, gid: Number(id('-g').stdout) }
}
