/**
 * Writes listings into an index, many at a time. A late older write never undoes a newer one. Each document holds the revision of
 * its write, and a higher revision was read later. A write first reads the current document, and takes effect only if that has
 * not changed. So it needs no scripts, which a cluster can forbid. Nothing is ever deleted, because a late write would restore
 * it: an archived listing has quantity 0.
 */
import type { Client } from './client.ts'
import { writtenAs } from './indices.ts'

/** `document` is JSON text: the whole document, or only the changed part if `is_whole` is false. */
export type Write = { id: number; is_whole: boolean; document: string }

/**
 * The outcome of a write. `missing`: the write has only a part of a document that is not there, so the whole must be written.
 * `conflict`: another process changed the document after the read. `retry`: Elasticsearch could not take the write just now.
 * `refused`: Elasticsearch will never take it, with the reason.
 */
export type Outcome = 'written' | 'missing' | 'conflict' | 'retry' | { refused: string }

/** The index no longer exists. */
export class IndexGone extends Error {
  readonly index: string
  constructor(index: string) {
    super(`the search index ${index} is gone`)
    this.index = index
  }
}

const TIMEOUT_MS = 10_000

/** The document of an archived listing. */
export const archived = (id: number): Write => ({ id, is_whole: true, document: `{"id":${id},"quantity":0}` })

/** Writes listings with one revision. Throws IndexGone, or another error if Elasticsearch does not respond. */
export async function sendWrites(
  client: Client,
  index: string,
  revision: number,
  writes: Write[],
): Promise<Map<number, Outcome>> {
  const versions = await look(client, index, writes)
  const outcomes = new Map<number, Outcome>()
  const lines: Line[] = []
  for (const write of writes) {
    const found = versions.get(write.id)
    if (found && found.revision > revision) outcomes.set(write.id, 'written')
    else if (found || write.is_whole) lines.push(toLine(write, revision, found))
    else outcomes.set(write.id, 'missing')
  }
  return new Map([...outcomes, ...(await sendLines(client, index, lines))])
}

/** The state of a document before a write. */
type DocumentVersion = { revision: number; seq_no: number; primary_term: number }

function toLine({ id, is_whole, document }: Write, revision: number, found: DocumentVersion | undefined): Line {
  const place = `"_id":"${id}"${found ? `,"if_seq_no":${found.seq_no},"if_primary_term":${found.primary_term}` : ''}`
  const source = withRevision(document, revision)
  if (!is_whole) return { id, action: `{"update":{${place}}}`, source: `{"doc":${source}}` }
  return { id, action: found ? `{"index":{${place}}}` : `{"create":{${place}}}`, source }
}

/** Reads the current documents, including those that searches do not see yet. */
async function look(client: Client, index: string, writes: Write[]): Promise<Map<number, DocumentVersion>> {
  if (writes.length === 0) return new Map()
  const ids = writes.map(({ id }) => String(id))
  const { docs } = await client.mget<{ revision?: number }>(
    { index: writtenAs(index), ids, _source_includes: 'revision' },
    { requestTimeout: TIMEOUT_MS },
  )
  const versions = new Map<number, DocumentVersion>()
  for (const doc of docs) {
    if ('error' in doc)
      throw doc.error.type === 'index_not_found_exception'
        ? new IndexGone(index)
        : new Error(`Elasticsearch: ${doc.error.reason}`)
    const {
      found,
      _seq_no: seq_no,
      _primary_term: primary_term,
      _source,
    } = doc as typeof doc & { found: boolean; _seq_no?: number; _primary_term?: number }
    if (found && seq_no !== undefined && primary_term !== undefined)
      versions.set(Number(doc._id), { seq_no, primary_term, revision: _source?.revision ?? 0 })
  }
  return versions
}

function withRevision(document: string, revision: number): string {
  return `{"revision":${revision},${document.slice(document.indexOf('{') + 1)}`
}

/** Puts documents into an index that is being built. A document that is already there came from a change, and stays. */
export async function sendNew(
  client: Client,
  index: string,
  documents: { id: number; revision: number; document: string }[],
): Promise<Map<number, Outcome>> {
  const lines = documents.map(({ id, revision, document }) => ({
    id,
    action: `{"create":{"_id":"${id}"}}`,
    source: withRevision(document, revision),
  }))
  const outcomes = await sendLines(client, index, lines)
  return new Map([...outcomes].map(([id, outcome]) => [id, outcome === 'conflict' ? 'written' : outcome]))
}

type Line = { id: number; action: string; source: string }

/** Sends a batch. If Elasticsearch refuses the whole batch, halves it until only the invalid document is left. */
async function sendLines(client: Client, index: string, lines: Line[]): Promise<Map<number, Outcome>> {
  try {
    return await sendBulk(client, index, lines)
  } catch (error) {
    const { statusCode, message } = error as Error & { statusCode?: number }
    if (statusCode !== 400 && statusCode !== 413) throw error
    if (lines.length <= 1) return new Map(lines.map(({ id }) => [id, { refused: message }]))
    const half = Math.ceil(lines.length / 2)
    const [first, second] = [lines.slice(0, half), lines.slice(half)]
    return new Map([...(await sendLines(client, index, first)), ...(await sendLines(client, index, second))])
  }
}

type Item = { status: number; error?: { type: string; reason?: string | null; caused_by?: { reason?: string | null } } }

async function sendBulk(client: Client, index: string, lines: Line[]): Promise<Map<number, Outcome>> {
  if (lines.length === 0) return new Map()
  const { items } = await client.bulk(
    {
      index: writtenAs(index),
      require_alias: true,
      operations: lines.flatMap(({ action, source }) => [action, source]),
      filter_path: ['items.*.status', 'items.*.error'],
    },
    { requestTimeout: TIMEOUT_MS },
  )
  return new Map(lines.map(({ id }, n) => [id, outcomeOf(index, items[n] as Record<string, Item>)]))
}

function outcomeOf(index: string, item: Record<string, Item>): Outcome {
  const { status, error } = Object.values(item)[0] as Item
  if (!error) return 'written'
  if (error.type === 'index_not_found_exception') throw new IndexGone(index)
  if (status === 404) return 'missing'
  if (status === 409) return 'conflict'
  if (status === 429 || status >= 500) return 'retry'
  const reasons = [error.type, error.reason, error.caused_by?.reason].filter((reason) => reason)
  return { refused: reasons.join(': ').slice(0, 1000) }
}
