/** The checks of the search index that a scenario runs under load. */

import type { Client } from '../../../src/domains/search/elasticsearch/client.ts'
import type { Sql } from '../../../src/platform/db/client.ts'
import { findIndexDifferences } from '../../support/index_contents.ts'
import type { ListingChanges } from '../load/listing_changes.ts'
import { waitFor } from '../loops.ts'

/** Returns true if the configured engine runs the searches of the API. */
export async function isSearchNormal(api_url: string): Promise<boolean> {
  const state = await fetch(`${api_url}/readyz`).then((response) => response.json() as Promise<{ search_degraded: boolean }>)
  return !state.search_degraded
}

export type SearchIndex = { sql: Sql; client: Client; alias: string }

/** Pauses the changes, waits until the index has all of them, and compares it with PostgreSQL document by document. */
export async function compareIndex({ sql, client, alias }: SearchIndex, changes: ListingChanges): Promise<string[]> {
  return await changes.pause(async () => {
    await waitFor('every change has arrived', async () => {
      const [waiting] = await sql<{ count: number }[]>`
        select (select count(*) from changes where cardinality(product_ids || stock_ids || sales_shop_ids) > 0)
          + (select count(*) from search_changes) + (select count(*) from search_shop_changes) as count`
      return waiting?.count === 0
    })
    return await findIndexDifferences(sql, client, alias)
  })
}
