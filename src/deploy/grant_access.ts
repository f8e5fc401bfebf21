import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Pool } from '../platform/db/client.ts'
import { projectRoot } from '../platform/project.ts'

/** Gives the roles of db/access/roles.sql exactly the rights of db/access/grants.sql. Call it in a transaction. */
export async function grantAccess(tx: Pick<Pool, 'unsafe'>): Promise<void> {
  await tx.unsafe(readFileSync(join(projectRoot, 'db', 'access', 'grants.sql'), 'utf8')).simple()
}
