import { afterAll, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { findProcesses } from './processes.ts'

let own: TestDatabase
let other: TestDatabase
beforeAll(async () => {
  own = await openTestDatabase()
  other = await openTestDatabase()
})
afterAll(async () => {
  await own.close()
  await other.close()
})

async function serverProcess({ sql }: TestDatabase): Promise<{ pid: number; database: string }> {
  const [row] = await sql<{ pid: number; database: string }[]>`select pg_backend_pid() as pid, current_database() as database`
  if (!row) throw new Error('no row')
  return row
}

// The code finds processes in /proc.
test.if(process.platform === 'linux')(
  'finds the processes of this run and none of another program that is called the same',
  async () => {
    const [mine, theirs] = [await serverProcess(own), await serverProcess(other)]
    const program = [process.execPath, '-e', 'Bun.spawn(["sleep", "60"]); console.log("up"); setTimeout(() => {}, 60000)']
    const [child, stranger] = [Bun.spawn(program, { stdout: 'pipe' }), Bun.spawn(['sleep', '60'])]
    await child.stdout.getReader().read()
    const found = findProcesses({ roots: new Map([[child.pid, 'API']]), database: mine.database })
    expect(found.get(mine.pid)).toBe('PostgreSQL')
    expect(found.has(theirs.pid)).toBe(false)
    expect(found.get(child.pid)).toBe('API')
    // Its child process has its name, too.
    expect([...found.values()].filter((name) => name === 'API')).toHaveLength(2)
    expect(found.has(stranger.pid)).toBe(false)
    expect(found.has(process.pid)).toBe(false)
    for (const [pid, name] of found) if (name === 'API' && pid !== child.pid) process.kill(pid)
    for (const one of [child, stranger]) one.kill()
  },
)

test.if(process.platform === 'linux')('without a database of its own a run has no PostgreSQL', () => {
  const found = findProcesses({ roots: new Map([[process.pid, 'k6']]), database: null })
  expect([...new Set(found.values())]).toEqual(['k6'])
})
