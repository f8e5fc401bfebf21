/**
 * The plain ranking that search is compared with, on both engines. A listing matches with any of the words, also misspelled, in
 * any field. Its score is the score of the text, multiplied by the points for the shop and the age.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Client } from '../../src/domains/search/elasticsearch/client.ts'
import { onOffer } from '../../src/domains/search/elasticsearch/filters.ts'
import type { Query } from '../../src/domains/search/elasticsearch/tiered.ts'
import type { Sql } from '../../src/platform/db/client.ts'
import { type Rank, skusOf } from './rate_relevance.ts'

const STATEMENT = readFileSync(join(import.meta.dirname, 'baseline.sql'), 'utf8')
/** The number of candidates for a page, the same as in a search. */
const WINDOW = 200

export function rankByPostgres(sql: Sql): Rank {
  return async (q) => skusOf((await sql.unsafe(STATEMENT, [q]))[0]?.items as string)
}

export function rankByElasticsearch(sql: Sql, client: Client, index: string): Rank {
  return async (q) => {
    const [asked] = await sql<{ words: string }[]>`select array_to_string(search_tokens(${q}), ' ') as words`
    const { hits } = await client.search({
      index,
      size: WINDOW,
      query: { bool: { must: [scoreWords(asked?.words ?? '')], filter: [onOffer([])] } },
      sort: ['_score', { id: 'desc' }],
    })
    const candidates = hits.hits.map(({ sort }) => [sort?.[1], sort?.[0]])
    const [page] = await sql<{ items: string }[]>`
      select items from show_hits(${sql.json(candidates as never)}, false, true, null, 'relevance', null, 100)`
    return skusOf(page?.items as string)
  }
}

function scoreWords(words: string): Query {
  const query = {
    multi_match: { query: words, fields: ['title^3', 'description', 'tags^2'], fuzziness: 'AUTO', prefix_length: 2 },
  }
  const today = new Date().toISOString().slice(0, 10)
  const functions = [
    { field_value_factor: { field: 'shop_rating', factor: 1.5, modifier: 'sqrt', missing: 3 } },
    { field_value_factor: { field: 'shop_sales_count', factor: 1.2, modifier: 'log1p', missing: 0 } },
    { gauss: { created_at: { origin: today, offset: '1d', scale: '30d', decay: 0.5 } } },
  ]
  // The points are added. A product would be 0 for each shop without sales (log 1 = 0).
  return { function_score: { query, functions, score_mode: 'sum', boost_mode: 'multiply' } }
}
