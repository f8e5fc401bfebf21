/**
 * `bun run synonyms list|add|remove`: edits words that mean the same. A change counts in the next search, and in Elasticsearch
 * within a minute.
 */
import { Type } from '@sinclair/typebox'
import { readArguments, readWhole, runCommand, UsageError } from '../platform/arguments.ts'
import { openPool, type Pool } from '../platform/db/client.ts'
import { query, routine } from '../platform/db/statement.ts'
import { Nullable } from '../platform/db/types.ts'
import { withDatabase } from './with_database.ts'

const terms = Type.Array(Type.String())
const row = { terms, means: Nullable(terms) }
const listSynonyms = query('search/list_synonyms', { term: Nullable(Type.String()) }, { id: Type.Integer(), ...row })
const addSynonyms = routine('add_synonyms', row, { add_synonyms: Type.Integer() })
const removeSynonyms = routine('remove_synonyms', { id: Type.Integer() }, row)

const usage = `Usage: bun run synonyms list [WORD]
       bun run synonyms add "mug, cup, beaker"        each word finds the others
       bun run synonyms add "jumper => sweater"       the left word finds the right one only
       bun run synonyms remove ID

The next search uses the change; with Elasticsearch within a minute. The index stays as it is.`

await runCommand(usage, async () => {
  const { positionals } = readArguments({})
  const [action, text, ...more] = positionals
  if (more.length > 0 || action === undefined)
    throw new UsageError('The arguments must be list, add or remove, and one quoted text')
  const act = new Map(Object.entries({ list, add, remove })).get(action)
  if (act === undefined) throw new UsageError(`"${action}" must be list, add or remove`)
  return await withDatabase(async (url) => {
    const sql = openPool(url, { max: 1, name: 'stallwright synonyms', statement_timeout_ms: 60_000 })
    try {
      return await act(sql, text)
    } finally {
      await sql.end({ timeout: 5 })
    }
  })
})

async function list(sql: Pool, term: string | undefined): Promise<number> {
  for (const found of await listSynonyms.many(sql, { term: term ?? null }))
    console.log(`${String(found.id).padStart(6)}  ${describe(found)}`)
  return 0
}

async function add(sql: Pool, text: string | undefined): Promise<number> {
  if (text === undefined) throw new UsageError('The words are missing: "mug, cup"')
  const [left = '', right, ...more] = text.split('=>')
  if (more.length > 0) throw new UsageError('The text must have at most one arrow')
  const added = { terms: termsOf(left), means: right === undefined ? null : termsOf(right) }
  if (added.means?.length === 0) throw new UsageError('The words after the arrow are missing')
  const { add_synonyms: id } = await addSynonyms.one(sql, added)
  console.log(`${String(id).padStart(6)}  ${describe(added)}`)
  return 0
}

async function remove(sql: Pool, text: string | undefined): Promise<number> {
  const id = readWhole('id', text, 1, Number.MAX_SAFE_INTEGER)
  const removed = await removeSynonyms.maybe(sql, { id })
  if (removed === null) throw new Error(`Synonyms ${id} do not exist. Run "bun run synonyms list".`)
  console.log(`removed  ${describe(removed)}`)
  return 0
}

function termsOf(side: string): string[] {
  return side
    .split(',')
    .map((term) => term.trim())
    .filter((term) => term !== '')
}

function describe({ terms, means }: { terms: string[]; means: string[] | null }): string {
  return means ? `${terms.join(', ')} => ${means.join(', ')}` : terms.join(', ')
}
