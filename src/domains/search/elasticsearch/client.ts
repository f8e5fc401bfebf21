import {
  Client,
  ClusterConnectionPool,
  HttpConnection,
  SniffingTransport,
  type TransportRequestOptions,
} from '@elastic/elasticsearch'

/** For indices, synonyms and documents. Searches have their own limit in breaker.ts. */
const REQUEST_TIMEOUT_MS = 30_000
/**
 * How long a search waits for one node of several: half of its time. A shorter limit would resend slow searches again and again.
 */
const TRY_TIMEOUT_MS = 1500
/** The client tries a failed node again after this long, then after twice and four times this long. */
const AWAY_MS = 2000
const MOST_DOUBLINGS = 2

export type { Client }

/** Disables the client's own traces. They would hold error messages, which contain the text of searches. */
class Untraced extends SniffingTransport {
  constructor(options: ConstructorParameters<typeof SniffingTransport>[0]) {
    super({ ...options, retryOnTimeout: true, openTelemetry: { enabled: false } })
  }
}

/** Skips a node that did not respond for 2 s to 8 s. The client's own pool skips it for 1 to 30 minutes. */
class Nodes extends ClusterConnectionPool {
  constructor(options: ConstructorParameters<typeof ClusterConnectionPool>[0]) {
    super(options)
    this.resurrectTimeout = AWAY_MS
    this.resurrectTimeoutCutoff = MOST_DOUBLINGS
  }
}

/**
 * A client of one node, or of several separated by commas. All nodes use the credentials of the first. A request that meets a
 * dead node goes to the next node at once, and to each node at most once. The breaker or the indexer decides whether to try
 * again. A request can arrive twice, which changes nothing (writes.ts).
 * The client uses Node's HTTP. With undici, its default, every call fails under Bun (bun#7920).
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
 * The options of a search. With several nodes, a search does not spend all of its time on one that hangs, and tries others until
 * its time is up. If every node is marked dead the client tries dead nodes, so it can try each node twice.
 */
export function searchOptions(client: Client, in_time: AbortSignal): TransportRequestOptions {
  const { size } = client.connectionPool
  const tries = { requestTimeout: TRY_TIMEOUT_MS, maxRetries: 2 * size, retryBackoff: () => 0 }
  return { signal: in_time, ...(size > 1 && tries) }
}
