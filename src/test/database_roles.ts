import type { Pool } from '../db/client.ts'

/** The logins of db/access/roles.sql, and the owner that none of them logs in as. */
export const roles = ['owner', 'migrator', 'api', 'worker', 'readonly'] as const
export type Role = (typeof roles)[number]

/** Roles are the server's: after the test's database is gone. Those with rights in another database stay. */
export async function dropRoles(admin: Pool): Promise<void> {
  for (const role of roles) await admin.unsafe(`drop role if exists stallwright_${role}`).catch(() => {})
}
