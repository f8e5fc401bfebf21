/** Prepares a search index, so that no indexing runs during a bench. */
import pino from 'pino'
import type { Client } from '../src/domains/search/elasticsearch/client.ts'
import { openRelay } from '../src/platform/changes/relay.ts'
import type { Pool } from '../src/platform/db/client.ts'

/** Empties the outbox after seeding. Otherwise the indexer would write each listing a second time. */
export async function passChangesOn(sql: Pool): Promise<void> {
  const no_cache = { invalidate: async () => false }
  const relay = openRelay(sql, { id: crypto.randomUUID(), cache: no_cache, log: pino({ level: 'error' }) })
  // The cache confirms nothing, so one change that invalidates everything stays in the outbox.
  while ((await sql`select from changes limit 2`).length > 1) await Bun.sleep(100)
  await relay.stop()
}

/** Waits until Elasticsearch has merged its segments, and turns its request cache off. */
export async function settleIndex(client: Client, alias: string): Promise<void> {
  const merging = async () => (await client.indices.stats({ index: alias, metric: 'merge' }))._all.total?.merges?.current ?? 0
  while ((await merging()) > 0) await Bun.sleep(500)
  await client.indices.putSettings({ index: alias, settings: { 'index.requests.cache.enable': false } })
}

/** Waits until the service at `url` has built its index and searches with Elasticsearch. */
export async function untilIndexed(url: string): Promise<void> {
  for (;;) {
    const { search } = (await (await fetch(`${url}/readyz`)).json()) as { search: string }
    if (search === 'elasticsearch') return
    await Bun.sleep(200)
  }
}
