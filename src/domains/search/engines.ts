/** The engines behind each other: Elasticsearch, where there is one; PostgreSQL; and the floor under both. */

import type { Logger } from 'pino'
import type { Sql } from '../../platform/db/client.ts'
import { isFinal, isUnreachable } from '../../platform/db/errors.ts'
import type { EngineName, SearchBackend, SearchEngines, SearchRequest } from './backend.ts'
import { EngineFailure } from './elasticsearch/breaker.ts'
import { openPlainBackend, openPostgresBackend, suggest } from './postgres_backend.ts'

/** `isReady`: it may be asked. `isWell`: it is known to answer, too; the same where it is not said. */
export type Engine = SearchBackend & { isReady?: () => boolean; isWell?: () => boolean }

/** `elasticsearch` is absent where the service has none: then PostgreSQL stands in for nobody. */
export function openEngines({ sql, elasticsearch, log }: { sql: Sql; elasticsearch?: Engine; log: Logger }): SearchEngines {
  const engines: Engine[] = [...(elasticsearch ? [elasticsearch] : []), openPostgresBackend(sql), openPlainBackend(sql)]
  const failing = new Set<EngineName>()
  const isReady = ({ isReady = () => true }: Engine) => isReady()
  const isWell = (engine: Engine) => (engine.isWell?.() ?? isReady(engine)) && !failing.has(engine.name)

  /** Asks the best engine that is ready, then the next. What PostgreSQL refuses, or cannot do because it is gone, no other engine can do. */
  const askInTurn = async <T>(ask: (engine: Engine) => Promise<T>): Promise<{ answer: T; engine: EngineName }> => {
    let cause: unknown
    for (const engine of engines.filter(isReady)) {
      try {
        const answer = await ask(engine)
        failing.delete(engine.name)
        return { answer, engine: engine.name }
      } catch (error) {
        if (isFinal(error) || isUnreachable(error)) throw error
        failing.add(engine.name)
        const level = error instanceof EngineFailure && !error.was_asked ? 'debug' : 'warn'
        log[level]({ err: error, engine: engine.name }, 'a search engine failed, the next one is asked')
        cause = error
      }
    }
    throw cause
  }
  const describe = (engine: EngineName) => ({ engine, degraded: engine !== engines[0]?.name })
  return {
    state: () => describe(engines.find(isWell)?.name ?? 'plain'),
    search: async (request, reads) => {
      const { answer, engine } = await askInTurn((one) => one.search(goOn(request, one.name), reads))
      const next = answer.next && [...answer.next, engine]
      return { ...answer, next, ...describe(engine) }
    },
    // From PostgreSQL, whoever searches; without its tables there are none.
    suggest: async (q, limit, reads = sql) => {
      try {
        return await suggest(reads, q, limit)
      } catch (error) {
        if (isFinal(error) || isUnreachable(error)) throw error
        log.warn({ err: error }, 'suggestions failed')
        return []
      }
    },
  }
}

/**
 * The request as this engine understands it: a cursor `[sort, state, engine]` may be another's. Prices and moments mean the
 * same to all. A score does not: there the walk goes on at this engine's own top, without what it has shown already.
 */
function goOn(request: SearchRequest, engine: EngineName): SearchRequest {
  if (!request.after) return request
  const [sort, state, begun_by] = request.after as [string, { shops?: number[]; seen?: number[] }, EngineName]
  const is_ranked = request.sort === 'relevance' && (request.q ?? '').trim() !== ''
  if (begun_by === engine || !is_ranked) return { ...request, after: [sort, state] }
  const { shops = [], seen = [] } = state
  return { ...request, after: [sort, { from: null, passed: 0, shops, shown: seen, seen }] }
}
