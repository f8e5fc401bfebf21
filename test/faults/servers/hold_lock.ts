import { openPool, type Sql } from '../../../src/platform/db/client.ts'

/** Takes a lock on a separate connection. The returned function releases it. */
export async function holdLock(database_url: string, lock: (tx: Sql) => Promise<unknown>): Promise<() => Promise<void>> {
  const pool = openPool(database_url, { max: 1, name: 'stallwright prove lock', statement_timeout_ms: 0 })
  const connection = await pool.reserve()
  await connection`set idle_in_transaction_session_timeout = 0`
  await connection`begin`
  await lock(connection as unknown as Sql)
  return async () => {
    await connection`rollback`
    connection.release()
    await pool.end({ timeout: 5 })
  }
}
