import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../project.ts'
import type { Pool } from './client.ts'

/** Lets the roles of db/access/roles.sql do what db/access/grants.sql says and nothing else, in one transaction. */
export async function grantAccess(pool: Pool): Promise<void> {
  const text = readFileSync(join(projectRoot, 'db', 'access', 'grants.sql'), 'utf8')
  await pool.begin(async (tx) => {
    await tx`set local lock_timeout = '5s'`
    await tx.unsafe(text).simple()
  })
}
