/** Detects a pooler between the service and PostgreSQL. A pooler lends its client a server connection for one transaction. */
import { inTime } from '../in_time.ts'
import { openPool, type Pool, type Sql } from './client.ts'

type Pooling = 'none' | 'keeps_statements' | 'forgets_statements'

/** In a pool that is too small for three clients, the check would wait forever. */
const DEADLINE_MS = 2000
/** invalid_sql_statement_name: the server connection does not have the statement. */
const UNKNOWN_STATEMENT = '26000'
const UNKNOWN_PARAMETER = /unsupported startup parameter\S*: .*/

/**
 * Throws one sentence if `url`, the value of `setting`, leads to a pooler that forgets prepared statements between transactions
 * or refuses our startup parameters. Returns if no server responds, because the first use of the connection reports that.
 */
export async function expectKeptStatements(setting: string, url: string): Promise<void> {
  if ((await findPooling(setting, url)) !== 'forgets_statements') return
  throw new Error(
    `The pooler of ${setting} forgets prepared statements between transactions: PgBouncer has to be 1.21 or newer, ` +
      'with max_prepared_statements above 0 (docs/SCALING.md).',
  )
}

/**
 * Throws one sentence if `url` leads to a transaction pooler. There a session lock would stay on a connection of another client.
 */
export async function expectOwnSession(url: string): Promise<void> {
  if ((await findPooling('DATABASE_URL', url)) === 'none') return
  throw new Error(
    'Migrations need a session of their own, and DATABASE_URL leads to a pooler: name PostgreSQL itself (docs/SCALING.md).',
  )
}

async function findPooling(setting: string, url: string): Promise<Pooling> {
  // Uses all startup parameters that any pool of the service has.
  const client = openPool(url, { max: 1, name: 'stallwright probe', statement_timeout_ms: DEADLINE_MS, may_lose_commits: true })
  const others = openPool(url, { max: 2, name: 'stallwright probe', statement_timeout_ms: DEADLINE_MS })
  try {
    return await inTime(askTwice(client, others), DEADLINE_MS)
  } catch (error) {
    const [refusal] = UNKNOWN_PARAMETER.exec((error as Error).message) ?? []
    if (!refusal) return 'none'
    throw new Error(
      `The pooler of ${setting} rejects a connection: "${refusal}". Set its ignore_startup_parameters as in docs/SCALING.md.`,
    )
  } finally {
    for (const pool of [client, others]) void pool.end({ timeout: 0 }).catch(() => {})
  }
}

/**
 * Runs a prepared statement. Then runs it again while one other client, and then two, hold a connection. Behind a pooler, one of
 * these clients gets the connection of the first run, in whichever order the pooler lends them.
 */
async function askTwice(client: Pool, others: Pool): Promise<Pooling> {
  const first = await askForServer(client)
  const isMoved = async () => (await askForServer(client)) !== first
  try {
    const is_pooled = await whileHeld(others, async () => (await isMoved()) || whileHeld(others, isMoved))
    return is_pooled ? 'keeps_statements' : 'none'
  } catch (error) {
    if ((error as { code?: string }).code === UNKNOWN_STATEMENT) return 'forgets_statements'
    throw error
  }
}

/**
 * Returns the pid of the server process. It uses a transaction, in which the driver cannot prepare a forgotten statement again.
 */
async function askForServer(client: Pool): Promise<number> {
  const [row] = await client.begin((tx: Sql) => tx<{ pid: number }[]>`select pg_backend_pid() as pid`)
  return (row as { pid: number }).pid
}

async function whileHeld<T>(others: Pool, run: () => Promise<T>): Promise<T> {
  return (await others.begin(async (tx: Sql) => {
    await tx`select 1`
    return run()
  })) as T
}
