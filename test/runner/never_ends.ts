/** A test that never ends, for ended_run.slow.test.ts. The name of this file keeps it out of every set. */
import { test } from 'bun:test'
import { spawn } from 'node:child_process'
import { mkdtempSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { requires } from '../support/requirements.ts'
import { startServer } from '../support/server.ts'
import { openPostgres15 } from '../support/stores/postgres_15.ts'

test('starts an API, a PostgreSQL, a parted process and a folder, and waits', async () => {
  await startServer()
  const postgres = requires('postgresql-15') ? await openPostgres15() : null
  spawn('sleep', ['600'], { detached: true, stdio: 'ignore' })
  mkdtempSync(join(tmpdir(), 'stallwright-left-'))
  writeFileSync(process.env.NEVER_ENDS_READY ?? '', postgres?.url ?? '')
  await new Promise(() => {})
})
