import { createHash } from 'node:crypto'
import { readdirSync, readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import type { Pool } from '../platform/db/client.ts'
import { projectRoot } from '../platform/project.ts'
import { DRIFTED_TRIGGERS, dropLeftTriggers, replaceTriggers, splitTriggers, type TriggerStatement } from './deploy_triggers.ts'
import { grantAccess } from './grant_access.ts'

/** The folder of this version's functions. */
export const FUNCTIONS = join(projectRoot, 'db', 'functions')

/**
 * Makes the functions and triggers in the database those of `db/functions`, in one transaction. Replaces the function of every
 * file and each trigger that differs. Drops those that an earlier deploy created and no file holds any more. Calls keep running.
 * Returns whether anything changed. Nothing changes if the files are those of the last deploy and the database still has the same
 * functions and triggers.
 * The files need no order: they run twice, the first time with bodies unchecked.
 * PostgreSQL cannot replace a function whose result has changed its shape, so the deploy drops it and creates it again.
 */
export async function deployFunctions(pool: Pool, folder = FUNCTIONS): Promise<boolean> {
  const files = readFunctionFiles(folder)
  const reshaped: string[] = []
  for (;;) {
    try {
      return await deployFiles(pool, files, reshaped)
    } catch (error) {
      if (!(error instanceof Reshaped) || reshaped.includes(error.function_name)) throw error
      // A savepoint cannot catch this. Its functions would have another transaction id, and REPLACED_NOW selects by the id of
      // this transaction.
      reshaped.push(error.function_name)
    }
  }
}

async function deployFiles(pool: Pool, files: FunctionFile[], reshaped: string[]): Promise<boolean> {
  const checksum = createHash('sha256').update(JSON.stringify(files)).digest('hex')
  return await pool.begin(async (tx) => {
    const [current] = await tx`select from deployed_functions where checksum = ${checksum} limit 1`
    if (current && (await findDrifted(tx)).length === 0) return false
    await tx`set local lock_timeout = '5s'`
    const triggers = files.flatMap((file) => file.triggers)
    await dropLeftTriggers(tx, triggers)
    // PostgreSQL refuses a setting of pg_trgm in a function to a login without superuser until the library is loaded.
    await tx`select similarity('', '')`
    const old = await tx`select signature from deployed_functions where split_part(signature, '(', 1) = any (${reshaped})`
    for (const { signature } of old) await tx.unsafe(`drop routine if exists ${signature}`)
    for (const checkBodies of ['off', 'on']) {
      await tx.unsafe(`set local check_function_bodies = ${checkBodies}`)
      for (const file of files) await runFile(tx, file)
    }
    await replaceTriggers(tx, triggers)
    await tx.unsafe(DROP_WHAT_LEFT).simple()
    await tx.unsafe(RECORD_WHAT_IS, [checksum])
    // PostgreSQL lets every role call a new function until a grant changes that.
    await grantAccess(tx)
    return true
  })
}

/** Returns the functions and triggers that the last deploy created and that were dropped or changed by hand since. */
export async function findDrifted(sql: Pick<Pool, 'unsafe'>): Promise<string[]> {
  const rows = await sql.unsafe<{ object: string }[]>(DRIFTED)
  return rows.map(({ object }) => object)
}

type FunctionFile = { name: string; functions: string; triggers: TriggerStatement[] }

function readFunctionFiles(folder: string): FunctionFile[] {
  const names = readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.sql'))
    .sort()
  return names.map((name) => ({ name, ...splitTriggers(readFileSync(join(folder, name), 'utf8')) }))
}

/** PostgreSQL's error for a function that exists with another result or with other names of arguments. */
const INVALID_FUNCTION_DEFINITION = '42P13'

/** A function that cannot be replaced. */
class Reshaped extends Error {
  readonly function_name: string

  constructor(message: string, function_name: string, cause: unknown) {
    super(message, { cause })
    this.function_name = function_name
  }
}

async function runFile(tx: Pick<Pool, 'unsafe'>, file: FunctionFile): Promise<void> {
  try {
    await tx.unsafe(file.functions).simple()
  } catch (error) {
    const { message, code } = error as Error & { code?: string }
    const named = `db/functions/${file.name}: ${message}`
    if (code !== INVALID_FUNCTION_DEFINITION) throw new Error(named, { cause: error })
    throw new Reshaped(named, basename(file.name, '.sql'), error)
  }
}

/** The functions that this transaction created or replaced: their xmin is its id. */
const REPLACED_NOW = `
  select p.oid::regprocedure::text as signature from pg_proc p
  where p.pronamespace = 'public'::regnamespace and p.xmin = pg_current_xact_id()::xid`

/** Without `cascade`. If another object needs a function, the deploy fails and changes nothing. */
const DROP_WHAT_LEFT = `
do $$
declare
  v_signature text;
begin
  for v_signature in
    select df.signature from deployed_functions df
    where df.signature not in (${REPLACED_NOW}) and to_regprocedure(df.signature) is not null
  loop
    execute format('drop routine %s', v_signature);
  end loop;
  delete from deployed_functions;
end;
$$`

/** The hash of a function's arguments, result, settings and body. Null if there is no such function. */
const HASH = (signature: string) => `md5(pg_get_functiondef(to_regprocedure(${signature})))`

const RECORD_WHAT_IS = `
  insert into deployed_functions (signature, checksum, definition_hash)
  select r.signature, $1, ${HASH('r.signature')} from (${REPLACED_NOW}) r`

const DRIFTED = `
  select df.signature as object from deployed_functions df
  where df.definition_hash <> coalesce(${HASH('df.signature')}, 'dropped')
  union all
  ${DRIFTED_TRIGGERS}
  order by 1`
