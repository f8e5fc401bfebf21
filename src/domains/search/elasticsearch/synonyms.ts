import { Type } from '@sinclair/typebox'
import type { Sql } from '../../../platform/db/client.ts'
import { query } from '../../../platform/db/statement.ts'
import { type Repeated, repeat } from '../../../platform/jobs/repeat.ts'
import type { Client } from './client.ts'

const listSynonymRules = query('search/list_synonym_rules', {}, { id: Type.String(), rule: Type.String() })

type Rule = { id: string; synonyms: string }

/** keepSynonyms compares rows this often. An edited row must be live within a minute. */
const SEND_EVERY_MS = 20_000
/** The limit of Elasticsearch for one set. */
const MAX_RULES = 10_000

/**
 * Makes the set of synonyms in Elasticsearch equal to the rows of `search_synonyms`. Returns how many rules differed.
 * Elasticsearch reloads its analyzers before it responds, so the next search uses the rules. No document is indexed again.
 */
export async function sendSynonyms(sql: Sql, client: Client, alias: string): Promise<number> {
  const rows = (await listSynonymRules.many(sql, {})).slice(0, MAX_RULES)
  const known = await readRules(client, alias)
  const changed = rows.filter(({ id, rule }) => known?.get(id) !== rule).map(({ id, rule }): Rule => ({ id, synonyms: rule }))
  const ids = new Set(rows.map((row) => row.id))
  const gone = [...(known?.keys() ?? [])].filter((id) => !ids.has(id))
  if (changed.length > 0 || !known) {
    // Adds to the set, because a replacement would empty it for a moment.
    const querystring = { append: true }
    await client.transport.request({ method: 'PUT', path: `/_synonyms/${alias}`, querystring, body: { synonyms_set: changed } })
  }
  for (const rule_id of gone) await client.synonyms.deleteSynonymRule({ set_id: alias, rule_id })
  return changed.length + gone.length
}

/** Sends edited rows while a server runs. */
export function keepSynonyms(sql: Sql, client: Client, alias: string, onError: (error: unknown) => void): Repeated {
  const work = async () => {
    await sendSynonyms(sql, client, alias)
    return SEND_EVERY_MS
  }
  return repeat(work, (error) => {
    onError(error)
    return SEND_EVERY_MS
  })
}

/** Returns the rules in Elasticsearch by id, or null if there is no such set. */
async function readRules(client: Client, alias: string): Promise<Map<string, string> | null> {
  const { body, statusCode } = await client.synonyms.getSynonym({ id: alias, size: MAX_RULES }, { ignore: [404], meta: true })
  return statusCode === 404 ? null : new Map(body.synonyms_set.map((rule) => [rule.id, rule.synonyms as string]))
}
