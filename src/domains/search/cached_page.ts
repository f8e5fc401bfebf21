/** A page of search results in the cache. Equal searches of anonymous callers share it. */
import { createHash } from 'node:crypto'
import type { FoundPage, SearchRequest } from './backend.ts'

/** Returns `search:<hash>`. The order of parameters and extra spaces in `q` do not change it. */
export function searchKey({ q, ...request }: SearchRequest): string {
  const parts = [q?.trim().replace(/ +/g, ' ') ?? '', ...Object.entries(request).sort()]
  return `search:${createHash('sha256').update(JSON.stringify(parts)).digest('hex')}`
}

/** Items and facets are already long JSON texts, so packPage appends them without another JSON.stringify. */
export function packPage({ items, facets, ...rest }: FoundPage): string {
  return `${JSON.stringify({ ...rest, items_length: items.length })}\n${items}${facets}`
}

export function unpackPage(text: string): FoundPage {
  const end = text.indexOf('\n')
  const { items_length, ...rest } = JSON.parse(text.slice(0, end)) as Omit<FoundPage, 'items' | 'facets'> & {
    items_length: number
  }
  const from = end + 1
  return { ...rest, items: text.slice(from, from + items_length), facets: text.slice(from + items_length) }
}
