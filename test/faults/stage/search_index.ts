/** What a proof asks of the search index while everything goes on. */

import type { Client } from '../../../src/domains/search/elasticsearch/client.ts'
import type { Sql } from '../../../src/platform/db/client.ts'
import { findIndexDifferences } from '../../support/index_contents.ts'
import type { ListingChanges } from './listing_changes.ts'

const GIVE_UP_AFTER_S = 120

/** Waits until it is so, up to two minutes. Throws an Error that says what did not come to pass. */
export async function waitFor(what: string, isSo: () => Promise<boolean>): Promise<void> {
  const deadline = performance.now() + GIVE_UP_AFTER_S * 1000
  while (!(await isSo())) {
    if (performance.now() > deadline) throw new Error(`it did not come to pass that ${what}`)
    await Bun.sleep(100)
  }
}

/** Whether the API's searches are answered by the engine that it is configured with. */
export async function isWell(api_url: string): Promise<boolean> {
  const state = await fetch(`${api_url}/readyz`).then((answer) => answer.json() as Promise<{ search_degraded: boolean }>)
  return !state.search_degraded
}

export type SearchIndex = { sql: Sql; client: Client; alias: string }

/** Holds the changes up until the index has heard of them all, and compares it with PostgreSQL document by document. */
export async function compareIndex({ sql, client, alias }: SearchIndex, changes: ListingChanges): Promise<string[]> {
  return await changes.pause(async () => {
    await waitFor('every change has arrived', async () => {
      const [waiting] = await sql<{ count: number }[]>`
        select (select count(*) from changes where product_id is not null or sales_shop_id is not null)
          + (select count(*) from search_changes) + (select count(*) from search_shop_changes) as count`
      return waiting?.count === 0
    })
    return await findIndexDifferences(sql, client, alias)
  })
}
