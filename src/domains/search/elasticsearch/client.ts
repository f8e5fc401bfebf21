import {
  Client,
  ClusterConnectionPool,
  HttpConnection,
  SniffingTransport,
  type TransportRequestOptions,
} from '@elastic/elasticsearch'

/** For the work behind searches: indices, synonyms, documents. Searches have a limit of their own, in breaker.ts. */
const REQUEST_TIMEOUT_MS = 30_000
/** How long a search waits for one node of several: half of its time. Less would send slow searches again and again. */
const TRY_TIMEOUT_MS = 1500
/** A node that did not respond is tried again after this long, then after twice and four times this long. */
const AWAY_MS = 2000
const MOST_DOUBLINGS = 2

export type { Client }

/** Without the client's own traces: they would hold error messages, and in them the text of searches. */
class Untraced extends SniffingTransport {
  constructor(options: ConstructorParameters<typeof SniffingTransport>[0]) {
    super({ ...options, retryOnTimeout: true, openTelemetry: { enabled: false } })
  }
}

/** Leaves out a node that did not respond, for seconds. The client's own pool leaves it out for one to thirty minutes. */
class Nodes extends ClusterConnectionPool {
  constructor(options: ConstructorParameters<typeof ClusterConnectionPool>[0]) {
    super(options)
    this.resurrectTimeout = AWAY_MS
    this.resurrectTimeoutCutoff = MOST_DOUBLINGS
  }
}

/**
 * A client of one node, or of several separated by commas; the credentials of the first serve for all. A request that meets a dead
 * node goes to the next one at once, and to each node once at most: whether to try again is for the breaker, or the indexer, to
 * decide. A request may arrive twice; writes.ts makes sure that this changes nothing.
 * It uses Node's own HTTP: with the client's default, undici, every call fails under Bun (bun#7920).
 */
export function openElasticsearch(urls: string): Client {
  const nodes = urls.split(',').map((url) => url.trim())
  return new Client({
    nodes,
    Connection: HttpConnection,
    ConnectionPool: Nodes,
    requestTimeout: REQUEST_TIMEOUT_MS,
    maxRetries: nodes.length - 1,
    Transport: Untraced,
  })
}

/**
 * The options of a search. With several nodes it does not spend all of its time on one that hangs, and tries on until its time is
 * up. If every node is marked dead the client tries dead nodes, so each may be tried twice.
 */
export function searchOptions(client: Client, in_time: AbortSignal): TransportRequestOptions {
  const { size } = client.connectionPool
  const tries = { requestTimeout: TRY_TIMEOUT_MS, maxRetries: 2 * size, retryBackoff: () => 0 }
  return { signal: in_time, ...(size > 1 && tries) }
}
