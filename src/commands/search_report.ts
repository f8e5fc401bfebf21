/** `bun run search-report`: prints the searches that find nothing, and the next searches of the same people. */
import { Type } from '@sinclair/typebox'
import { readArguments, readWhole, runCommand } from '../platform/arguments.ts'
import { openPool, type Pool } from '../platform/db/client.ts'
import { query } from '../platform/db/statement.ts'
import { withDatabase } from './with_database.ts'

const window = { days: Type.Integer(), at_least: Type.Integer(), most: Type.Integer() }
const listWorstQueries = query('search/list_worst_queries', window, {
  q: Type.String(),
  searches: Type.Integer(),
  zero_results: Type.Integer(),
  corrected: Type.Integer(),
})
const listSynonymCandidates = query('search/list_synonym_candidates', window, {
  from_q: Type.String(),
  to_q: Type.String(),
  times: Type.Integer(),
})

const usage = `Usage: bun run search-report [--days 30] [--at-least 5]

Prints the queries that most often had no results or were corrected, and pairs of a query without results and the next query of
the same person with results: candidates for \`bun run synonyms add\`. Each line stands for at least 5 searches.`

const MOST = 30

await runCommand(usage, async () => {
  const { values } = readArguments({ days: { type: 'string', default: '30' }, 'at-least': { type: 'string', default: '5' } })
  const days = readWhole('days', values.days, 1, 90)
  const at_least = readWhole('at-least', values['at-least'], 5, 1_000_000)
  return await withDatabase(async (url) => {
    const sql = openPool(url, { max: 1, name: 'stallwright search-report', statement_timeout_ms: 60_000 })
    try {
      await report(sql, { days, at_least, most: MOST })
      return 0
    } finally {
      await sql.end({ timeout: 5 })
    }
  })
})

async function report(sql: Pool, asked: { days: number; at_least: number; most: number }): Promise<void> {
  const queries = await listWorstQueries.many(sql, asked)
  console.log(`${'searches'.padStart(9)}${'nothing'.padStart(9)}${'corrected'.padStart(11)}  query`)
  for (const { q, searches, zero_results, corrected } of queries) {
    console.log(`${String(searches).padStart(9)}${String(zero_results).padStart(9)}${String(corrected).padStart(11)}  ${q}`)
  }
  const candidates = await listSynonymCandidates.many(sql, asked)
  console.log(`\n${'times'.padStart(9)}  found nothing => then found`)
  for (const { from_q, to_q, times } of candidates) console.log(`${String(times).padStart(9)}  ${from_q} => ${to_q}`)
}
