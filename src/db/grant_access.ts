import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../project.ts'
import type { Pool } from './client.ts'

/** Lets the roles of db/access/roles.sql do what db/access/grants.sql says and nothing else. For a transaction. */
export async function grantAccess(tx: Pick<Pool, 'unsafe'>): Promise<void> {
  await tx.unsafe(readFileSync(join(projectRoot, 'db', 'access', 'grants.sql'), 'utf8')).simple()
}
