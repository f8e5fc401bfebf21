import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { openPool, type Pool } from '../../src/platform/db/client.ts'
import { projectRoot } from '../../src/platform/project.ts'

/** The roles of db/access/roles.sql: the logins, and `owner`, which cannot log in. */
export const roles = ['owner', 'migrator', 'api', 'auth', 'worker', 'readonly', 'backup'] as const
export type Role = (typeof roles)[number]

/** Runs db/access/roles.sql. A superuser does the same before the first deploy. */
export async function createRoles(sql: Pool): Promise<void> {
  await sql.unsafe(readFileSync(join(projectRoot, 'db', 'access', 'roles.sql'), 'utf8')).simple()
}

/** Roles belong to the server. Call this after dropping the test's database. Roles with rights in another database stay. */
export async function dropRoles(database_url: string): Promise<void> {
  const admin = openPool(new URL('/postgres', database_url).href, { max: 1, name: 'roles', statement_timeout_ms: 30_000 })
  for (const role of roles) await admin.unsafe(`drop role if exists stallwright_${role}`).catch(() => {})
  await admin.end({ timeout: 2 })
}

/** Returns the URL with the login of a role. A server that trusts its connections needs no password. */
export function roleUrl(database_url: string, role: Role, password = ''): string {
  return Object.assign(new URL(database_url), { username: `stallwright_${role}`, password }).href
}
