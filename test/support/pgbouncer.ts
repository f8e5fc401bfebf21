/** PgBouncer with the settings of docs/SCALING.md. A test replaces only the addresses and the logins. */
import { chmodSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'
import { roles } from './database_roles.ts'
import { findProgram, requires } from './requirements.ts'
import { findFreePort } from './simulated_payments.ts'
import { unprivilegedUser } from './stores/os_user.ts'

/** `url` has the login and database of the server's URL. */
export type Pgbouncer = { url: string; stop: () => Promise<void> }

/**
 * Starts PgBouncer in front of a server that requires no password. `settings` override the settings of the page. Null removes
 * a setting.
 */
export async function startPgbouncer(server_url: string, settings: Record<string, string | null> = {}): Promise<Pgbouncer> {
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-pgbouncer-'))
  chmodSync(folder, 0o755)
  const server = new URL(server_url)
  const port = await findFreePort()
  const logins = roles.map((role) => `stallwright_${role}`)
  writeFileSync(join(folder, 'users'), logins.map((login) => `"${login}" ""\n`).join(''))
  const own = {
    listen_addr: '127.0.0.1',
    listen_port: String(port),
    unix_socket_dir: '',
    auth_type: 'trust',
    auth_file: join(folder, 'users'),
  }
  const all = Object.entries({ ...readPage(), ...own, ...settings }).filter(([, value]) => value !== null)
  const lines = all.map(([name, value]) => `${name} = ${value}`).join('\n')
  const config = join(folder, 'pgbouncer.ini')
  writeFileSync(config, `[databases]\n* = host=127.0.0.1 port=${server.port}\n[pgbouncer]\n${lines}\n`)
  const child = Bun.spawn([findProgram('pgbouncer') as string, config], {
    cwd: '/',
    stdio: ['ignore', 'ignore', 'pipe'],
    ...unprivilegedUser(),
  })
  const said = new Response(child.stderr).text()
  const stop = async () => {
    child.kill()
    await child.exited
    rmSync(folder, { recursive: true })
  }
  const url = Object.assign(new URL(server_url), { port: String(port) }).href
  while (!(await answers(url))) {
    if (child.exitCode !== null) throw new Error(`PgBouncer refuses its configuration: ${await said}`)
    await Bun.sleep(20)
  }
  return { url, stop }
}

/** Returns the settings of docs/SCALING.md that this version of PgBouncer supports. */
function readPage(): Record<string, string> {
  const page = readFileSync(join(projectRoot, 'docs', 'SCALING.md'), 'utf8')
  const [, block = ''] = /^```ini\n\[pgbouncer\]\n([\s\S]*?)^```$/m.exec(page) ?? []
  const settings = Object.fromEntries([...block.matchAll(/^(\w+) = (.+)$/gm)].map(([, name, value]) => [name, value]))
  if (!requires('pgbouncer-1.21')) delete settings.max_prepared_statements
  return settings
}

async function answers(url: string): Promise<boolean> {
  const { hostname, port } = new URL(url)
  try {
    const socket = await Bun.connect({ hostname, port: Number(port), socket: { data: () => {} } })
    socket.end()
    return true
  } catch {
    return false
  }
}
