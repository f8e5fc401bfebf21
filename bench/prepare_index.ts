/** What a search is measured on: an index that has nothing left to do. */
import pino from 'pino'
import type { Client } from '../src/domains/search/elasticsearch/client.ts'
import { openRelay } from '../src/platform/changes/relay.ts'
import type { Pool } from '../src/platform/db/client.ts'

/** What seeding left in the outbox is passed on before an index is followed: or each listing would be written into it twice. */
export async function passChangesOn(sql: Pool): Promise<void> {
  const nobody = { invalidate: async () => false }
  const relay = openRelay(sql, { id: crypto.randomUUID(), cache: nobody, log: pino({ level: 'error' }) })
  // Where no cache could be told, one change stays behind that makes everything stale.
  while ((await sql`select from changes limit 2`).length > 1) await Bun.sleep(100)
  await relay.stop()
}

/** Waits until what indexing left to be done later is done, and lets Elasticsearch keep no answers. */
export async function settleIndex(client: Client, alias: string): Promise<void> {
  const merging = async () => (await client.indices.stats({ index: alias, metric: 'merge' }))._all.total?.merges?.current ?? 0
  while ((await merging()) > 0) await Bun.sleep(500)
  await client.indices.putSettings({ index: alias, settings: { 'index.requests.cache.enable': false } })
}

/** Until the service of this address has its searches answered by Elasticsearch, whose index it builds first. */
export async function untilIndexed(url: string): Promise<void> {
  for (;;) {
    const { search } = (await (await fetch(`${url}/readyz`)).json()) as { search: string }
    if (search === 'elasticsearch') return
    await Bun.sleep(200)
  }
}
