/** A page of search results in the cache: equal searches of people who are not signed in share it. */
import { createHash } from 'node:crypto'
import type { FoundPage, SearchRequest } from './backend.ts'

/** `search:<hash>`, the same for any order of parameters and any spaces around words. */
export function searchKey({ q, ...request }: SearchRequest): string {
  const asked = [q?.trim().replace(/ +/g, ' ') ?? '', ...Object.entries(request).sort()]
  return `search:${createHash('sha256').update(JSON.stringify(asked)).digest('hex')}`
}

/** Items and facets are long JSON texts already, so they follow the rest unchanged. */
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
