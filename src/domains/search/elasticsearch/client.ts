import {
  Client,
  ClusterConnectionPool,
  HttpConnection,
  SniffingTransport,
  type TransportRequestOptions,
} from '@elastic/elasticsearch'

/** For the work behind searches: indices, synonyms, documents. What a search asks has a limit of its own, in breaker.ts. */
const REQUEST_TIMEOUT_MS = 30_000
/** What a search gives one node where there are others: half of its time. Less would send what is only slow time and again. */
const TRY_TIMEOUT_MS = 1500
/** A node that did not answer is asked whether it is back after this long, then after twice that and so on, up to four times that. */
const AWAY_MS = 2000
const MOST_DOUBLINGS = 2

export type { Client }

/** Its own traces would hold the messages of errors, and what was searched for in them. */
class Untraced extends SniffingTransport {
  constructor(options: ConstructorParameters<typeof SniffingTransport>[0]) {
    super({ ...options, retryOnTimeout: true, openTelemetry: { enabled: false } })
  }
}

/** Sends nothing to a node that did not answer, until it does; the client's own would wait a minute, then two, up to half an hour. */
class Nodes extends ClusterConnectionPool {
  constructor(options: ConstructorParameters<typeof ClusterConnectionPool>[0]) {
    super(options)
    this.resurrectTimeout = AWAY_MS
    this.resurrectTimeoutCutoff = MOST_DOUBLINGS
  }
}

/**
 * A client of one node, or of several separated by commas; the first one's credentials serve for all. What meets a node that
 * is gone is sent to the next one at once, to each at most once. It never tries the same one again: whether that is worth it
 * is for the breaker, or the indexer, to decide. Whatever is sent may arrive twice: writes.ts sees to it that this changes nothing.
 * On Node's own HTTP: with the client's default, undici, every call fails under Bun (bun#7920).
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
 * How a search is sent: whoever has other nodes to ask does not spend all of its time on one that hangs, and asks on until
 * that is up. Where no node has answered the one before, those that are gone come up again, so each may be met twice.
 */
export function searchOptions(client: Client, in_time: AbortSignal): TransportRequestOptions {
  const { size } = client.connectionPool
  const tries = { requestTimeout: TRY_TIMEOUT_MS, maxRetries: 2 * size, retryBackoff: () => 0 }
  return { signal: in_time, ...(size > 1 && tries) }
}
