/** A page of search results as it is kept: what two people who ask alike, and are not signed in, get alike. */
import { createHash } from 'node:crypto'
import type { FoundPage, SearchRequest } from './backend.ts'

/** `search:<hash>`: the same whatever the order of the parameters and the spaces around words. */
export function searchKey({ q, ...request }: SearchRequest): string {
  const asked = [q?.trim().replace(/ +/g, ' ') ?? '', ...Object.entries(request).sort()]
  return `search:${createHash('sha256').update(JSON.stringify(asked)).digest('hex')}`
}

/** Items and facets are long JSON texts already: they follow the rest as they are. */
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
