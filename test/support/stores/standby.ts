/** A copy of a PostgreSQL 15 of ours that follows it by streaming replication. */
import { type FaultyNetwork, openFaultyNetwork } from '../faulty_network.ts'
import { makePostgresFolder, openPostgres15, type Postgres15, runPostgres15 } from './postgres_15.ts'

/** `line`: what it follows through. */
export type Standby = { server: Postgres15; line: FaultyNetwork }

/**
 * Answers when it follows, over a line that takes `distance_ms` one way. Where it is to be waited for, a commit is answered when the standby
 * has it on its disk; the copy has this setting, too, so that a standby that takes over answers no commit until it has a standby of its own.
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
    if (distance_ms > 0) line.turn({ kind: 'slow', by_ms: distance_ms })
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

/** Runs one statement by psql; answers its one value as text. */
export async function askPostgres15({ url }: Postgres15, statement: string): Promise<string> {
  const output = await runPostgres15('psql', url, '--no-psqlrc', '--tuples-only', '--no-align', '--command', statement)
  return output.trim()
}
