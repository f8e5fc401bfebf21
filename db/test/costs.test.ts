/**
 * The costs of the hot statements, in counts that are the same on every machine: rows read, written and found by an index, and
 * pages touched. A statement that becomes more expensive fails, and so does one that becomes much cheaper, until costs.json has
 * the new cost: UPDATE_DOCS=1 bun run test db/test/costs.test.ts
 */
import { afterAll, expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Sql } from '../../src/platform/db/client.ts'
import { projectRoot } from '../../src/platform/project.ts'
import { HOT, openHotDatabase, runAndRollBack } from '../../test/support/hot_statements.ts'

type Cost = { rows: number; pages: number }

const FILE = join(projectRoot, 'db', 'test', 'costs.json')
/**
 * Other versions of PostgreSQL store and plan a little differently. Before version 18, PostgreSQL plans the statements of an SQL
 * function in each call, and planning reads each index of each future month.
 */
const dearest = ({ rows, pages }: Cost): Cost => ({
  rows: Math.ceil(rows * 1.2) + 2,
  pages: Math.ceil(pages * 1.3) + (is_planned_once ? 15 : 45),
})
const cheapest = ({ rows, pages }: Cost): Cost => ({ rows: Math.floor(rows * 0.6) - 2, pages: Math.floor(pages * 0.6) - 15 })

const db = await openHotDatabase()
afterAll(db.close)
await db.sql`vacuum (analyze)`
const [server] = await db.sql`select current_setting('server_version_num')::integer >= 180000 as is_new`
const is_planned_once: boolean = server?.is_new
const measured: Record<string, Cost> = {}
for (const [name, text, args] of HOT) measured[name] = await measure(text, args)
if (process.env.UPDATE_DOCS) writeFileSync(FILE, `${JSON.stringify(measured, null, 2)}\n`)

/** Measures the second of two runs, because the first one also reads the system catalogs. */
async function measure(text: string, args: unknown[]): Promise<Cost> {
  const run = () =>
    runAndRollBack(db.sql, async (tx) => {
      const before = await countRows(tx)
      const [plan] = await tx.unsafe(`explain (analyze, buffers, format json) ${text}`, args as never[])
      const [{ Plan }] = JSON.parse(plan?.['QUERY PLAN'] as string) as [{ Plan: Partial<Record<string, number>> }]
      return {
        rows: (await countRows(tx)) - before,
        pages: (Plan['Shared Hit Blocks'] ?? 0) + (Plan['Shared Read Blocks'] ?? 0),
      }
    })
  await run()
  return run()
}

async function countRows(tx: Sql): Promise<number> {
  const [counted] = await tx<{ rows: number }[]>`
    select coalesce(sum(seq_tup_read + coalesce(idx_tup_fetch, 0) + n_tup_ins + n_tup_upd + n_tup_del), 0)::integer as rows
    from pg_stat_xact_user_tables where schemaname in ('public', 'pgboss')`
  return counted?.rows ?? 0
}

const written = (): Record<string, Cost> => JSON.parse(readFileSync(FILE, 'utf8'))

test.each(HOT)('%s has the cost in costs.json', (name) => {
  const [now, then] = [measured[name], written()[name]]
  if (!now || !then) throw new Error(`There is no cost of ${name}: UPDATE_DOCS=1 bun run test db/test/costs.test.ts`)
  const [most, least] = [dearest(then), cheapest(then)]
  expect({ ...now, most, is_dearer: now.rows > most.rows || now.pages > most.pages }).toMatchObject({ is_dearer: false })
  expect({ ...now, least, is_much_cheaper: now.rows < least.rows || now.pages < least.pages }).toMatchObject({
    is_much_cheaper: false,
  })
})

test('costs.json has no other statement', () => {
  expect(Object.keys(written()).sort()).toEqual(HOT.map(([name]) => name).sort())
})
