import { afterAll, expect, test } from 'bun:test'
import { chmodSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import postgres from 'postgres'
import { openEmbedded } from '../../src/deploy/embedded.ts'
import { projectRoot } from '../../src/platform/project.ts'
import { eventually } from '../support/shopper.ts'

const folder = mkdtempSync(join(tmpdir(), 'stallwright-ended-'))
// The OS user of PostgreSQL must be able to enter the folder.
chmodSync(folder, 0o755)
const ready = join(folder, 'ready')
const START_TIMEOUT_MS = 100_000
const END_TIMEOUT_MS = 30_000

afterAll(() => rmSync(folder, { recursive: true, force: true }))

/** Returns the commands of the processes that inherited the variable, from Linux's /proc. */
function processesWith(variable: string): string[] {
  const pids = readdirSync('/proc').filter((name) => /^\d+$/.test(name))
  const read = (pid: string, name: string) => {
    try {
      return readFileSync(join('/proc', pid, name), 'utf8').replaceAll('\0', ' ')
    } catch {
      return ''
    }
  }
  return pids.filter((pid) => read(pid, 'environ').includes(variable)).map((pid) => read(pid, 'cmdline'))
}

for (const [signal, code] of [
  ['SIGTERM', 143],
  ['SIGINT', 130],
] as const)
  test(
    `${signal} to the test command alone ends its processes and removes its folders and databases`,
    async () => {
      rmSync(ready, { force: true })
      const command = Bun.spawn([process.execPath, 'test/run.ts', './test/runner/never_ends.ts'], {
        cwd: projectRoot,
        env: { ...process.env, TMPDIR: folder, NEVER_ENDS_READY: ready },
        stdio: ['ignore', 'ignore', 'inherit'],
      })
      const inherited = `NEVER_ENDS_READY=${ready}`
      await eventually(START_TIMEOUT_MS, async () => existsSync(ready), Boolean)
      expect(processesWith(inherited).length).toBeGreaterThan(3)
      expect((await testDatabases(command.pid)).length).toBeGreaterThan(0)

      command.kill(signal)
      expect(await command.exited).toBe(code)
      await eventually(
        END_TIMEOUT_MS,
        async () => processesWith(inherited),
        (left) => left.length === 0,
      )
      expect(readdirSync(folder)).toEqual(['ready'])
      expect(await testDatabases(command.pid)).toEqual([])
    },
    START_TIMEOUT_MS + END_TIMEOUT_MS,
  )

/** Returns the names of the databases that a run of the command made. */
async function testDatabases(pid: number): Promise<string[]> {
  const embedded = process.env.DATABASE_URL ? null : await openEmbedded()
  const sql = postgres(process.env.DATABASE_URL ?? embedded?.url ?? '', { max: 1 })
  const rows = await sql<{ datname: string }[]>`
    select datname from pg_database where starts_with(datname, ${`stallwright_test_${pid}_`})`
  await sql.end()
  await embedded?.release()
  return rows.map(({ datname }) => datname)
}
