/** The engines in order: Elasticsearch if configured, PostgreSQL's full text, then the fallback search. */
import type { Logger } from 'pino'
import { isFinal, isUnreachable } from '../../platform/database_errors.ts'
import type { Sql } from '../../platform/db/client.ts'
import type { EngineName, SearchBackend, SearchEngines, SearchRequest } from './backend.ts'
import { EngineFailure } from './elasticsearch/breaker.ts'
import { openPlainBackend, openPostgresBackend, suggest } from './postgres_backend.ts'

/**
 * `canSearch`: the engine can run a search; by default always. `isHealthy`: the engine is also known to respond; by default
 * `canSearch`.
 */
export type Engine = SearchBackend & { canSearch?: () => boolean; isHealthy?: () => boolean }

/** Without `elasticsearch`, PostgreSQL is the best engine, and its searches are not degraded. */
export function openEngines({ sql, elasticsearch, log }: { sql: Sql; elasticsearch?: Engine; log: Logger }): SearchEngines {
  const engines: Engine[] = [...(elasticsearch ? [elasticsearch] : []), openPostgresBackend(sql), openPlainBackend(sql)]
  const failing = new Set<EngineName>()
  const canSearch = ({ canSearch = () => true }: Engine) => canSearch()
  const isHealthy = (engine: Engine) => (engine.isHealthy?.() ?? canSearch(engine)) && !failing.has(engine.name)

  /** Calls the best ready engine, then the next. An error of a rule, or an unreachable PostgreSQL, holds for every engine. */
  const tryEngines = async <T>(run: (engine: Engine) => Promise<T>): Promise<{ result: T; engine: EngineName }> => {
    let cause: unknown
    for (const engine of engines.filter(canSearch)) {
      try {
        const result = await run(engine)
        failing.delete(engine.name)
        return { result, engine: engine.name }
      } catch (error) {
        if (isFinal(error) || isUnreachable(error)) throw error
        failing.add(engine.name)
        const level = error instanceof EngineFailure && !error.was_called ? 'debug' : 'warn'
        log[level]({ err: error, engine: engine.name }, 'a search engine failed, trying the next one')
        cause = error
      }
    }
    throw cause
  }
  const describe = (engine: EngineName) => ({ engine, degraded: engine !== engines[0]?.name })
  return {
    state: () => describe(engines.find(isHealthy)?.name ?? 'plain'),
    search: async (request, reads) => {
      const { result, engine } = await tryEngines((one) => one.search(continueFrom(request, one.name), reads))
      const next = result.next && [...result.next, engine]
      return { ...result, next, ...describe(engine) }
    },
    // Suggestions come from PostgreSQL for every engine. If that fails, for example without its tables, the list is empty.
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
 * Returns the request for this engine. Its cursor `[sort, state, engine]` can come from another engine. Prices and times mean the
 * same to all engines. A score does not, so a ranked list continues from this engine's best hit, without the listings already
 * shown.
 */
function continueFrom(request: SearchRequest, engine: EngineName): SearchRequest {
  if (!request.after) return request
  const [sort, state, begun_by] = request.after as [string, { shops?: number[]; seen?: number[] }, EngineName]
  const is_ranked = request.sort === 'relevance' && (request.q ?? '').trim() !== ''
  if (begun_by === engine || !is_ranked) return { ...request, after: [sort, state] }
  const { shops = [], seen = [] } = state
  return { ...request, after: [sort, { from: null, passed: 0, shops, shown: seen, seen }] }
}
