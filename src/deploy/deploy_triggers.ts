/** The triggers of `db/functions`. A file holds a trigger function, and the statements that create its triggers. */
import type { Pool } from '../platform/db/client.ts'

type Transaction = Pick<Pool, 'unsafe'>

/** One `create trigger` of a file. PostgreSQL cannot replace a constraint trigger (`is_constraint`), so it is dropped first. */
export type TriggerStatement = { table_name: string; trigger_name: string; statement: string; is_constraint: boolean }

const CREATE_TRIGGER = /^create (or replace|constraint) trigger (\w+)\s[^;]*?\son (\w+)\s[^;]*;\n/gm

/**
 * Separates the triggers of a file from the rest, because creating a trigger locks its table and replacing a function locks none.
 */
export function splitTriggers(text: string): { functions: string; triggers: TriggerStatement[] } {
  const triggers = [...text.matchAll(CREATE_TRIGGER)].map(([statement, kind, trigger_name = '', table_name = '']) => ({
    table_name,
    trigger_name,
    statement: statement.trim(),
    is_constraint: kind === 'constraint',
  }))
  return { functions: text.replace(CREATE_TRIGGER, ''), triggers }
}

/** Drops the triggers that an earlier deploy created and no file holds any more, so that their functions can be dropped too. */
export async function dropLeftTriggers(tx: Transaction, triggers: TriggerStatement[]): Promise<void> {
  const rows = await tx.unsafe<Recorded[]>('select table_name, trigger_name from deployed_triggers')
  const left = rows.filter((row) => !triggers.some((trigger) => isSame(trigger, row)))
  await lockTables(tx, left, 'access exclusive')
  for (const { table_name, trigger_name } of left) {
    for (const table of [table_name, ...(await listPartitions(tx, table_name))])
      await tx.unsafe(`drop trigger if exists ${trigger_name} on ${table}`)
    await tx.unsafe('delete from deployed_triggers where table_name = $1 and trigger_name = $2', [table_name, trigger_name])
  }
}

/** Creates the triggers that are missing or different in the database, on their partitions too, and records them. */
export async function replaceTriggers(tx: Transaction, triggers: TriggerStatement[]): Promise<void> {
  const current = await tx.unsafe<(Recorded & { statement: string })[]>(CURRENT_TRIGGERS)
  const stale = triggers.filter((one) => !current.some((row) => isSame(one, row) && row.statement === one.statement))
  await lockTables(tx, stale, stale.some((trigger) => trigger.is_constraint) ? 'access exclusive' : 'share row exclusive')
  for (const { table_name, trigger_name, statement, is_constraint } of stale) {
    if (is_constraint) await tx.unsafe(`drop trigger if exists ${trigger_name} on ${table_name}`)
    await tx.unsafe(statement)
    await tx.unsafe(COPY_TO_PARTITIONS, [table_name])
    await tx.unsafe(RECORD_TRIGGER, [table_name, trigger_name, statement])
  }
}

type Recorded = { table_name: string; trigger_name: string }

const isSame = (one: Recorded, other: Recorded) => one.table_name === other.table_name && one.trigger_name === other.trigger_name

/** A call that waits longer than this for a lock looks for a deadlock (`deadlock_timeout`). PostgreSQL can then end that call. */
const DEADLOCK_TIMEOUT_MS = 1000

/**
 * Locks the tables of triggers at once. The total wait is shorter than the time after which a call looks for a deadlock. So in a
 * deadlock with a call, the deploy fails (55P03) and not the call.
 */
async function lockTables(tx: Transaction, triggers: Recorded[], mode: string): Promise<void> {
  const tables = [...new Set(triggers.map(({ table_name }) => table_name))].sort()
  if (tables.length === 0) return
  await tx.unsafe(`set local lock_timeout = ${Math.floor((DEADLOCK_TIMEOUT_MS * 0.9) / tables.length)}`)
  await tx.unsafe(`lock table ${tables.join(', ')} in ${mode} mode`)
}

async function listPartitions(tx: Transaction, table: string): Promise<string[]> {
  const rows = await tx.unsafe<{ name: string }[]>(
    'select i.inhrelid::regclass::text as name from pg_inherits i where i.inhparent = to_regclass($1)',
    [table],
  )
  return rows.map(({ name }) => name)
}

const COPY_TO_PARTITIONS = `
  select copy_triggers(i.inhparent, i.inhrelid) from pg_inherits i where i.inhparent = to_regclass($1)`

/** The hash of a trigger's definition and of whether it is enabled. */
const HASH = `md5(pg_get_triggerdef(t.oid) || t.tgenabled::text)`

const CURRENT_TRIGGERS = `
  select dt.table_name, dt.trigger_name, dt.statement
  from deployed_triggers dt
  join pg_trigger t on t.tgrelid = to_regclass(dt.table_name) and t.tgname = dt.trigger_name
  where dt.definition_hash = ${HASH}`

const RECORD_TRIGGER = `
  insert into deployed_triggers (table_name, trigger_name, statement, definition_hash)
  select $1::text, $2::text, $3, ${HASH} from pg_trigger t where t.tgrelid = to_regclass($1) and t.tgname = $2
  on conflict (table_name, trigger_name) do update
  set statement = excluded.statement, definition_hash = excluded.definition_hash`

/** The triggers that differ from the last deploy, one row each. */
export const DRIFTED_TRIGGERS = `
  select format('%s on %s', dt.trigger_name, dt.table_name) from deployed_triggers dt
  left join pg_trigger t on t.tgrelid = to_regclass(dt.table_name) and t.tgname = dt.trigger_name
  where dt.definition_hash <> coalesce(${HASH}, 'dropped')`
