/** Writes the queued changes of PostgreSQL into the index, and acknowledges the changes that the index has. */
import { Type } from '@sinclair/typebox'
import type { Logger } from 'pino'
import type { Sql } from '../../../platform/db/client.ts'
import { routine } from '../../../platform/db/statement.ts'
import { Nullable, Uuid, Void } from '../../../platform/db/types.ts'
import { abandonSearchBuild } from './build_index.ts'
import type { Client } from './client.ts'
import { searchDocuments, searchFacts } from './documents.ts'
import { archived, IndexGone, type Outcome, sendWrites, type Write } from './writes.ts'

const integers = Type.Array(Type.Integer())
/** Returns the state of the index. The process that holds the lease also gets the oldest changes that the index lacks. */
export const takeSearchChanges = routine(
  'take_search_changes',
  { alias: Type.String(), holder: Uuid, batch_size: Type.Integer() },
  {
    index_name: Nullable(Type.String()),
    index_uuid: Nullable(Type.String()),
    format: Nullable(Type.Integer()),
    next_index_name: Nullable(Type.String()),
    lag_s: Type.Integer(),
    is_held: Type.Boolean(),
    revision: Nullable(Type.Integer()),
    product_ids: integers,
    stock_ids: integers,
    versions: integers,
  },
)
const acknowledgeSearchChanges = routine(
  'acknowledge_search_changes',
  { product_ids: integers, versions: integers },
  { acknowledge_search_changes: Type.Integer() },
)
const deadLetterSearchChanges = routine(
  'dead_letter_search_changes',
  { product_ids: integers, versions: integers, reasons: Type.Array(Type.String()) },
  { dead_letter_search_changes: Void },
)
const queueSearchChanges = routine(
  'queue_search_changes',
  { product_ids: integers, stock_ids: integers, sales_shop_ids: integers },
  { queue_search_changes: Void },
)
const forgetSearchIndex = routine('forget_search_index', { alias: Type.String() }, { forget_search_index: Void })

export type Taken = Awaited<ReturnType<typeof takeSearchChanges.one>>
type Target = { sql: Sql; client: Client; alias: string; log: Logger }

/**
 * Writes changes into the index, and into the index that is being built. Throws if Elasticsearch does not respond, or did not
 * take all of them. Changes that it did not take stay queued.
 */
export async function writeChanges(target: Target, taken: Taken): Promise<void> {
  const writes = await readWrites(target.sql, taken)
  const indices = [taken.index_name, taken.next_index_name].filter((name) => name !== null)
  const sent = await Promise.all(indices.map((index) => sendTo(target, taken, index, writes)))
  const outcomes = new Map(taken.product_ids.map((id) => [id, worstOf(sent.map((by_id) => by_id.get(id) ?? 'retry'))]))
  await settle(target, taken, outcomes)
}

/** Reads the current documents, after the revision was assigned. */
async function readWrites(sql: Sql, { product_ids, stock_ids }: Taken): Promise<Write[]> {
  const in_part = new Set(stock_ids)
  const [documents, facts] = await Promise.all([
    searchDocuments.many(sql, { product_ids: product_ids.filter((id) => !in_part.has(id)) }),
    searchFacts.many(sql, { product_ids: stock_ids }),
  ])
  const found = new Map([...documents, ...facts].map(({ id, document }) => [id, document]))
  return product_ids.map((id) => {
    const document = found.get(id)
    return document === undefined ? archived(id) : { id, is_whole: !in_part.has(id), document }
  })
}

/** Writes into one index. If the index is gone, PostgreSQL forgets it, so that it is built again. */
async function sendTo(
  { sql, client, alias }: Target,
  taken: Taken,
  index: string,
  writes: Write[],
): Promise<Map<number, Outcome>> {
  try {
    return await sendWrites(client, index, taken.revision as number, writes)
  } catch (error) {
    if (error instanceof IndexGone && index === taken.index_name) await forgetSearchIndex.one(sql, { alias })
    else if (error instanceof IndexGone) await abandonSearchBuild.one(sql, { alias, index_name: index })
    throw error
  }
}

/** Returns the worst outcome of a document in several indices, because the document must be in all of them. */
function worstOf(outcomes: Outcome[]): Outcome {
  return (
    outcomes.find((one) => typeof one === 'object') ??
    (['missing', 'retry', 'conflict'] as const).find((kind) => outcomes.includes(kind)) ??
    'written'
  )
}

/**
 * Acknowledges written documents and sets refused documents aside. If only a part was sent and no document was there, queues the
 * whole document.
 */
async function settle({ sql, log }: Target, taken: Taken, outcomes: Map<number, Outcome>): Promise<void> {
  const versions = new Map(taken.product_ids.map((id, n) => [id, taken.versions[n] as number]))
  const idsOf = (kind: Outcome) => taken.product_ids.filter((id) => outcomes.get(id) === kind)
  const withVersions = (product_ids: number[]) => ({ product_ids, versions: product_ids.map((id) => versions.get(id) as number) })
  const missing = idsOf('missing')
  if (missing.length > 0) await queueSearchChanges.one(sql, { product_ids: missing, stock_ids: [], sales_shop_ids: [] })
  const refused = [...outcomes].flatMap(([id, outcome]) => (typeof outcome === 'object' ? [{ id, reason: outcome.refused }] : []))
  if (refused.length > 0) {
    const count = refused.length
    log.error({ refused: refused.slice(0, 5), count }, 'Elasticsearch refuses documents: see search_changes.refusal')
    const reasons = refused.map(({ reason }) => reason)
    await deadLetterSearchChanges.one(sql, { ...withVersions(refused.map(({ id }) => id)), reasons })
  }
  await acknowledgeSearchChanges.one(sql, withVersions(idsOf('written')))
  const retried = idsOf('retry').length
  if (retried > 0) throw new Error(`Elasticsearch did not take ${retried} documents just now`)
}
