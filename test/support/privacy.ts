/** Reads docs/PRIVACY.md, and lists the columns of a database. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sql } from '../../src/platform/db/client.ts'
import { projectRoot } from '../../src/platform/project.ts'

/** A column as `schema.table.column`, with what the page says about it. The columns without data of people have empty texts. */
export type PrivacyRow = { column: string; purpose: string; time: string; erasure: string }

const page = readFileSync(join(projectRoot, 'docs', 'PRIVACY.md'), 'utf8')

export const personalColumns = readTable('## Data of people')
export const plainColumns = readTable('## Columns without data of people')

/** The rows of the table of periods. */
export const periods = linesOf('## Periods').map((line) => {
  const [, what, period] = /^\| `(\w+)`.* \| ([\w ]+) \|$/.exec(line) ?? []
  return { what, period }
})

/** Lists the columns of all tables of all schemas as `schema.table.column`. A partition has the columns of its table. */
export async function listAllColumns(sql: Sql): Promise<string[]> {
  const rows = await sql<{ column: string }[]>`
    select format('%s.%s.%s', n.nspname, c.relname, a.attname) as column
    from pg_attribute a
    join pg_class c on c.oid = a.attrelid
    join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'm', 'f') and not c.relispartition and a.attnum > 0 and not a.attisdropped
      and n.nspname not in ('pg_catalog', 'information_schema') and n.nspname !~ '^pg_(toast|temp)'
      and not exists (select from pg_depend d where d.classid = 'pg_class'::regclass and d.objid = c.oid and d.deptype = 'e')
    order by 1`
  return rows.map(({ column }) => column)
}

function linesOf(heading: string): string[] {
  const section = page.split(`\n${heading}\n`)[1]?.split('\n## ')[0] ?? ''
  return section.split('\n').filter((line) => line.startsWith('| `'))
}

function readTable(heading: string): PrivacyRow[] {
  return linesOf(heading).flatMap((line) => {
    const [table = '', columns = '', purpose = '', time = '', erasure = ''] = line.slice(2, -2).split(' | ')
    const name = table.replaceAll('`', '')
    const qualified = name.includes('.') ? name : `public.${name}`
    return columns.split(', ').map((column) => ({ column: `${qualified}.${column.replaceAll('`', '')}`, purpose, time, erasure }))
  })
}
