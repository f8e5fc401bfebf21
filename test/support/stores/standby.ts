/** A standby of a test's PostgreSQL 15, by streaming replication. */
import { type FaultyNetwork, openFaultyNetwork } from '../faulty_network.ts'
import { makePostgresFolder, openPostgres15, type Postgres15, runPostgres15 } from './postgres_15.ts'

/** `line` is the proxy between the standby and the primary. */
export type Standby = { server: Postgres15; line: FaultyNetwork }

/**
 * Starts a standby and returns when it streams. The line delays the data of the primary by `distance_ms`. With `is_synchronous`,
 * a commit returns when it is on the standby's disk. The standby has this setting, too. So a promoted standby completes no commit
 * until it has its own standby.
 */
export async function openStandby(
  primary: Postgres15,
  { distance_ms = 0, is_synchronous = false }: { distance_ms?: number; is_synchronous?: boolean } = {},
): Promise<Standby> {
  const backup = makePostgresFolder()
  await runPostgres15(
    'pg_basebackup',
    `--dbname=${primary.url}`,
    `--pgdata=${backup}`,
    '--write-recovery-conf',
    '--checkpoint=fast',
  )
  const line = await openFaultyNetwork(primary.url)
  const opened: { stop: () => Promise<void> }[] = [line]
  try {
    if (distance_ms > 0) line.inject({ kind: 'slow', by_ms: distance_ms })
    const { hostname, port } = new URL(line.url)
    const settings = {
      primary_conninfo: `host=${hostname} port=${port} user=postgres`,
      ...(is_synchronous ? { synchronous_standby_names: '*' } : {}),
    }
    const server = await openPostgres15({ backup, settings })
    opened.push(server)
    if (is_synchronous) {
      await askPostgres15(primary, "alter system set synchronous_standby_names = '*'")
      await askPostgres15(primary, 'select pg_reload_conf()')
    }
    const is_followed = `select count(*) from pg_stat_replication where state = 'streaming'${is_synchronous ? " and sync_state = 'sync'" : ''}`
    while ((await askPostgres15(primary, is_followed)) === '0') await Bun.sleep(50)
    return { server, line }
  } catch (error) {
    for (const one of opened.reverse()) await one.stop()
    throw error
  }
}

/** Runs one statement with psql and returns its one value as text. */
export async function askPostgres15({ url }: Postgres15, statement: string): Promise<string> {
  const output = await runPostgres15('psql', url, '--no-psqlrc', '--tuples-only', '--no-align', '--command', statement)
  return output.trim()
}
