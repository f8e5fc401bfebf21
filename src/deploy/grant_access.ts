import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pool } from '../platform/db/client.ts'
import { projectRoot } from '../platform/project.ts'

/** Lets the roles of db/access/roles.sql do what db/access/grants.sql says and nothing else. For a transaction. */
export async function grantAccess(tx: Pick<Pool, 'unsafe'>): Promise<void> {
  await tx.unsafe(readFileSync(join(projectRoot, 'db', 'access', 'grants.sql'), 'utf8')).simple()
}
