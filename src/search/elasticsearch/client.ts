import { Client, HttpConnection, SniffingTransport } from '@elastic/elasticsearch'

/** For the work behind searches: indices, synonyms, documents. What a search asks has a limit of its own, in breaker.ts. */
const REQUEST_TIMEOUT_MS = 30_000

export type { Client }

/** Its own traces would hold the messages of errors, and what was searched for in them. */
class Untraced extends SniffingTransport {
  constructor(options: ConstructorParameters<typeof SniffingTransport>[0]) {
    super({ ...options, openTelemetry: { enabled: false } })
  }
}

/**
 * A client that never tries again by itself: whether another try is worth it is for the breaker, or the indexer, to decide.
 * On Node's own HTTP: with the client's default, undici, every call fails under Bun (bun#7920).
 */
export function openElasticsearch(url: string): Client {
  return new Client({
    node: url,
    Connection: HttpConnection,
    requestTimeout: REQUEST_TIMEOUT_MS,
    maxRetries: 0,
    Transport: Untraced,
  })
}
