/**
 * Generates parts of db/README.md from the database: the error codes with the functions that raise them, and the comment of each
 * function.
 */
import { basename, dirname } from 'node:path'
import { Glob } from 'bun'
import type { Sql } from '../../platform/db/client.ts'
import { problemKinds, problemOfSqlstate } from '../../platform/problem.ts'
import { projectRoot } from '../../platform/project.ts'
import { internalSqlstates } from './lint.ts'

/** Returns the error codes and the functions of a migrated database as Markdown. */
export async function renderReference(sql: Sql): Promise<string> {
  return `## Error codes\n\n${await renderSqlstates(sql)}\n\n## Functions\n\n${await renderFunctions(sql)}\n`
}

/** A function raises each code that it names in quotes. In an exception handler, `sqlstate` precedes the code. */
async function renderSqlstates(sql: Sql): Promise<string> {
  const rows = await sql<{ code: string; raised_by: string }[]>`
    select found.code[1] as code, string_agg(distinct p.proname, ', ' order by p.proname) as raised_by
    from pg_proc p, regexp_matches(p.prosrc, '(?<!sqlstate )''(SW[A-Z0-9]{3})''', 'g') as found (code)
    where p.pronamespace = 'public'::regnamespace
    group by 1`
  const raisedBy = new Map(rows.map(({ code, raised_by }) => [code, raised_by]))
  const known = Object.entries(problemOfSqlstate).map(([code, problem]) => [code, `\`${problem}\``, problemKinds[problem].status])
  const internal = Object.entries(internalSqlstates).map(([code, meaning]) => [code, `none: ${meaning}`, 500])
  const codes = [...known, ...internal]
  const unused = codes.map(([code]) => String(code)).filter((code) => !raisedBy.has(code))
  if (unused.length > 0) throw new Error(`No function raises ${unused.join(', ')}. Remove the codes, or raise them.`)
  const lines = codes.map(([code, problem, status]) => `| ${code} | ${problem} | ${status} | ${raisedBy.get(String(code))} |`)
  return ['| SQLSTATE | problem | HTTP | raised by |', '| --- | --- | --- | --- |', ...lines].join('\n')
}

async function renderFunctions(sql: Sql): Promise<string> {
  const rows = await sql<{ name: string; args: string; comment: string }[]>`
    select p.proname as name, pg_get_function_arguments(p.oid) as args, obj_description(p.oid, 'pg_proc') as comment
    from pg_proc p where p.pronamespace = 'public'::regnamespace`
  const byName = new Map(rows.map((row) => [row.name, row]))
  const files = [...new Glob('db/functions/*/*.sql').scanSync(projectRoot)].sort()
  const domains = [...new Set(files.map((file) => basename(dirname(file))))]
  return domains
    .map((domain) => {
      const lines = files
        .filter((file) => basename(dirname(file)) === domain)
        .map((file) => {
          const { name, args, comment } = byName.get(basename(file, '.sql')) ?? { name: file, args: '', comment: '' }
          return `| \`${name}(${args.replace(/::\w+/g, '')})\` | ${comment} |`
        })
      return [`### ${domain}`, '', '| function | what it does |', '| --- | --- |', ...lines].join('\n')
    })
    .join('\n\n')
}
