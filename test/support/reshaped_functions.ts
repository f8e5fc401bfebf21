/** Database functions of a later version, some of which return one more column. */
import { cpSync, readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { FUNCTIONS } from '../../src/deploy/deploy_functions.ts'
import type { Sql } from '../../src/platform/db/client.ts'

/**
 * Copies `db/functions` into a folder for `deployFunctions`. In the copy the functions with these names have one more column,
 * `note`, with the text "new".
 */
export async function writeReshaped(sql: Sql, names: string[], folder: string): Promise<void> {
  cpSync(FUNCTIONS, folder, { recursive: true })
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  for (const name of names) {
    const file = files.find((path) => path.endsWith(`/${name}.sql`))
    if (!file) throw new Error(`There is no file of ${name}.`)
    await addColumn(sql, name, join(folder, file))
  }
}

/** Renames the function in the file, and adds a function with the old name that calls the renamed one. */
async function addColumn(sql: Sql, name: string, file: string): Promise<void> {
  const [made] = await sql<{ args: string; places: string; result: string; kind: string }[]>`
    select pg_get_function_arguments(p.oid) as args, pg_get_function_result(p.oid) as result,
      (select string_agg('$' || n, ', ' order by n) from generate_series(1, p.pronargs) n) as places,
      case when p.provolatile = 'v' then 'volatile security definer' else 'stable' end as kind
    from pg_proc p where p.proname = ${name} and p.pronamespace = 'public'::regnamespace`
  if (!made) throw new Error(`There is no function ${name}.`)
  const { args, places, result, kind } = made
  const inner = `${name}_before`
  const text = readFileSync(file, 'utf8').replaceAll(new RegExp(`\\b${name}\\b`, 'g'), inner)
  const outer = `
create or replace function ${name}(${args}) ${result.replace(/^TABLE\((.*)\)$/, 'returns table ($1, note text)')}
language sql ${kind} set search_path = public, pg_temp
as $$ select i.*, 'new' from ${inner}(${places}) i $$;
`
  writeFileSync(file, text + outer)
}
