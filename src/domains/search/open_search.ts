/** Opens the configured search engines: Elasticsearch with its indexer, synonyms and breaker, or PostgreSQL alone. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { Logger } from 'pino'
import type { Config } from '../../platform/config.ts'
import { openPool, type Pool } from '../../platform/db/client.ts'
import type { WaitingWork } from '../../platform/jobs/waiting_work.ts'
import type { Metrics } from '../../platform/metrics/metrics.ts'
import { watchPool } from '../../platform/metrics/watch.ts'
import { EVERYTHING, type SearchBackend, type SearchEngines, type SearchRequest } from './backend.ts'
import { openElasticsearchBackend } from './elasticsearch/backend.ts'
import { openBreaker } from './elasticsearch/breaker.ts'
import { openElasticsearch } from './elasticsearch/client.ts'
import { openIndexer } from './elasticsearch/indexer.ts'
import { layoutOf } from './elasticsearch/indices.ts'
import { keepSynonyms } from './elasticsearch/synonyms.ts'
import { openEngines } from './engines.ts'

type Where = Pick<Config, 'ELASTICSEARCH_URL' | 'SEARCH_INDEX' | 'SEARCH_SHARDS' | 'SEARCH_REPLICAS'>

export type Search = { engines: SearchEngines; stop: () => Promise<void> }

/** One connection each for the indexer, a build and the synonyms. */
const INDEX_POOL_SIZE = 3
/** Under load, a page of a build takes seconds. */
const INDEX_STATEMENT_TIMEOUT_MS = 60_000
/** How long a start waits for the state of the index, so that the best engine runs the first searches. */
const LOOK_TIMEOUT_MS = 3000

/** `sql` serves searches. `onVisible` is called when the index shows more than before. */
export async function openSearch(
  url: string,
  where: Where,
  {
    sql,
    log,
    metrics,
    waiting,
    onVisible,
  }: { sql: Pool; log: Logger; metrics: Metrics; waiting: WaitingWork; onVisible: () => unknown },
): Promise<Search> {
  const { ELASTICSEARCH_URL, SEARCH_INDEX: alias } = where
  if (!ELASTICSEARCH_URL) return { engines: openEngines({ sql, log }), stop: async () => {} }
  const client = openElasticsearch(ELASTICSEARCH_URL)
  const index_sql = openIndexPool(url)
  const onRecovered = () => warmUp(openElasticsearchBackend(index_sql, client, alias))
  const given = { sql: index_sql, client, alias, layout: layoutOf(where), log, onVisible, onRecovered }
  const indexer = openIndexer({ ...given, rests: true })
  waiting.on('search_changes', indexer.wake)
  const synonyms = keepSynonyms(index_sql, client, alias, (err) => log.warn({ err }, 'cannot send the synonyms to Elasticsearch'))
  const breaker = openBreaker({ log, metrics, onOpen: indexer.suspect })
  metrics.watch('search_index_lag_seconds', () => [{ labels: {}, value: indexer.lag() ?? 0 }])
  watchPool(metrics, 'index', index_sql)
  await Promise.race([indexer.looked, sleep(LOOK_TIMEOUT_MS)])
  const elasticsearch = {
    ...openElasticsearchBackend(sql, client, alias, breaker.startSearch),
    canSearch: () => breaker.state() !== 'open' && indexer.isReady(),
    isHealthy: () => breaker.state() === 'closed' && indexer.isReady(),
  }
  const stop = async () => {
    await Promise.all([indexer.stop(), synonyms.stop()])
    breaker.close()
    await client.close()
    await index_sql.end({ timeout: 5 })
  }
  return { engines: openEngines({ sql, elasticsearch, log }), stop }
}

const WARM_UP: SearchRequest[] = ['silver ring', 'vintage', 'leather wallet', ''].map((q) => ({ ...EVERYTHING, q }))

/**
 * The first search after a start takes Elasticsearch seconds, the next a tenth of that. The first search must not be the probe of
 * the breaker: the probe would fail and keep searches away for another 15 s.
 */
async function warmUp(backend: SearchBackend): Promise<void> {
  for (const request of WARM_UP) await backend.search(request).catch(() => {})
}

/**
 * Opens the connections of the indexer and of builds. Commits reach the disk, because a revision must not be assigned twice, even
 * after a crash.
 */
export function openIndexPool(url: string): Pool {
  return openPool(url, { max: INDEX_POOL_SIZE, name: 'stallwright index', statement_timeout_ms: INDEX_STATEMENT_TIMEOUT_MS })
}
