/** The rules for the database. Each query of `db/lint` must return no row, and every raised SQLSTATE must be in the tables. */
import { readFileSync } from 'node:fs'
import { basename, join } from 'node:path'
import { Glob } from 'bun'
import type { Sql } from '../../platform/db/client.ts'
import { problemOfSqlstate } from '../../platform/problem.ts'
import { projectRoot } from '../../platform/project.ts'

/** A violation and its object. `lint` is the rule, and also the name of its file in db/lint. */
export type Finding = { lint: string; object: string; finding: string }

/** Our SQLSTATEs that no client can cause, so none of them has a problem. A client gets an internal error. */
export const internalSqlstates: Record<string, string> = {
  SWAPP: 'a change of a row or column that is written once',
  SWSUM: 'amounts that do not add up',
  SWJOB: 'a job for an unknown queue',
}

/**
 * Runs every rule of db/lint. Compares the SQLSTATEs that functions raise with those that the API maps to problems. Plans a call
 * of each function whose comment says that it is inlined.
 */
export async function lintDatabase(sql: Sql): Promise<Finding[]> {
  const findings: Finding[] = []
  for (const name of [...new Glob('*.sql').scanSync(join(projectRoot, 'db', 'lint'))].sort())
    findings.push(...(await runRule(sql, name)))
  return [...findings, ...(await compareSqlstates(sql)), ...(await findCalled(sql))]
}

async function runRule(sql: Sql, name: string): Promise<Finding[]> {
  const text = readFileSync(join(projectRoot, 'db', 'lint', name), 'utf8')
  const rows = await sql.unsafe<Omit<Finding, 'lint'>[]>(text, text.includes('$1') ? [namesOfInlined()] : [])
  return rows.map(({ object, finding }) => ({ lint: basename(name, '.sql'), object, finding }))
}

/** A function with the comment right above it. */
const COMMENTED_FUNCTION = /((?:^--.*\n)+)create (?:or replace )?function (\w+)/gm

/** Returns the functions whose comment contains "No search_path", in all files. */
function namesOfInlined(): string[] {
  const texts = [...new Glob('db/{functions,migrations}/**/*.sql').scanSync(projectRoot)].map((file) =>
    readFileSync(join(projectRoot, file), 'utf8'),
  )
  const functions = texts.flatMap((text) => [...text.matchAll(COMMENTED_FUNCTION)])
  return functions.filter(([, comment]) => comment?.includes('No search_path')).map(([, , name]) => name as string)
}

/**
 * Returns the functions that PostgreSQL calls, although their comment says that it inlines them: an immutable function that runs
 * a stable one, a subquery in an expression, `strict` on rows, and whatever else stops it. The arguments of the planned call are
 * columns.
 */
async function findCalled(sql: Sql): Promise<Finding[]> {
  const functions = await sql<{ name: string; object: string; given: string; call: string; is_set: boolean }[]>`
    select p.proname as name, p.oid::regprocedure::text as object, p.proretset as is_set,
      concat_ws(', ', '0 as a', string_agg('null::' || a.type::regtype || ' as a' || a.place, ', ')) as given,
      format('%I(%s)', p.proname, string_agg('g.a' || a.place, ', ' order by a.place)) as call
    from pg_proc p
    left join unnest(p.proargtypes) with ordinality a (type, place) on true
    where p.pronamespace = 'public'::regnamespace and p.proname = any(${namesOfInlined()})
    group by p.oid
    order by 2`
  const findings: Finding[] = []
  for (const { name, object, given, call, is_set } of functions) {
    const from = `(select ${given} offset 0) g${is_set ? `, ${call} f` : ''}`
    const plan = await sql.unsafe(`explain (verbose, costs off) select ${is_set ? 'f.*' : call} from ${from}`)
    if (plan.some((line) => new RegExp(`\\b${name}\\(`).test(line['QUERY PLAN'])))
      findings.push({ lint: 'function_not_inlined', object, finding: 'It says that it is inlined, but PostgreSQL calls it.' })
  }
  return findings
}

/** `SW000` is the class of these codes. A function names it to catch them all. */
async function compareSqlstates(sql: Sql): Promise<Finding[]> {
  const rows = await sql<{ code: string; object: string }[]>`
    select distinct found.code[1] as code, p.proname as object
    from pg_proc p, regexp_matches(p.prosrc, '''(SW[A-Z0-9]{3})''', 'g') as found (code)
    where p.pronamespace = 'public'::regnamespace and found.code[1] <> 'SW000'
    order by 1, 2`
  const known = new Set([...Object.keys(problemOfSqlstate), ...Object.keys(internalSqlstates)])
  const raised = new Set(rows.map(({ code }) => code))
  const unknown = rows.filter(({ code }) => !known.has(code))
  const unused = [...known].filter((code) => !raised.has(code))
  return [
    ...unknown.map(({ code, object }) => ({
      lint: 'unknown_sqlstate',
      object,
      finding: `${code} is not in src/platform/problem.ts.`,
    })),
    ...unused.map((code) => ({ lint: 'unused_sqlstate', object: code, finding: 'No function raises it.' })),
  ]
}
