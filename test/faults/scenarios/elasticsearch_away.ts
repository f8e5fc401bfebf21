import { createRandom } from '../../../src/domains/catalog/random.ts'
import { openElasticsearch } from '../../../src/domains/search/elasticsearch/client.ts'
import { dropIndices, listIndices } from '../../../src/domains/search/elasticsearch/indices.ts'
import { startApi } from '../../support/api_process.ts'
import { type NetworkFault, openFaultyNetwork } from '../../support/faulty_network.ts'
import { percentile } from '../../support/figures.ts'
import { startElasticsearch } from '../../support/stores/elasticsearch.ts'
import { failAll } from '../checks/invariants.ts'
import { compareIndex, isSearchNormal } from '../checks/search_index.ts'
import { startChanges } from '../load/listing_changes.ts'
import { reportFailedSearches, startSearches } from '../load/search_load.ts'
import { waitFor } from '../loops.ts'
import type { Run, Scenario } from '../scenario.ts'
import { openDatabase } from '../servers/servers.ts'

/** The limits of the full form. The short form runs beside other tests, which make its times useless. */
const P95_MS = 600
const BACK_WITHIN_S = 20

/** A failure of Elasticsearch. `inject` starts it and returns a function that ends it. */
type Fault = { name: string; seconds: number; in_short: number; inject: (setup: Setup) => Promise<() => unknown> }
type Setup = Awaited<ReturnType<typeof setUp>>

const onNetwork =
  (fault: NetworkFault): Fault['inject'] =>
  async ({ network }) => {
    network.inject(fault)
    return () => network.inject({ kind: 'none' })
  }

/**
 * In the full form a fault lasts long enough for two things: earlier calls leave the 10 s that the breaker looks back, and then
 * the breaker sends two probes.
 */
const faults: Fault[] = [
  {
    name: 'killed',
    seconds: 40,
    in_short: 3,
    inject: async (setup) => {
      const { kill, restart } = setup.elasticsearch
      // The short form has no time to start Elasticsearch again.
      if (setup.run.short || !kill || !restart) return await onNetwork({ kind: 'refuse' })(setup)
      await kill()
      return restart
    },
  },
  { name: 'slowed by 2 s', seconds: 50, in_short: 15, inject: onNetwork({ kind: 'slow', by_ms: 2000 }) },
  { name: 'slowed by 4 s', seconds: 50, in_short: 0, inject: onNetwork({ kind: 'slow', by_ms: 4000 }) },
  { name: 'black-holed', seconds: 50, in_short: 5, inject: onNetwork({ kind: 'black_hole' }) },
]

export const elasticsearchAway: Scenario = {
  name: 'elasticsearch_away',
  claim: 'While Elasticsearch is killed, slow or black-holed, searches succeed in time, and afterwards its index is complete',
  needs: ['elasticsearch'],
  test: async (run) => {
    const setup = await setUp(run)
    const figures: string[] = []
    const due = faults.filter(({ in_short }) => !run.short || in_short > 0)
    for (const [n, fault] of due.entries()) {
      run.progress(n, due.length, fault.name)
      figures.push(await testFault(setup, fault))
    }
    const { searches, changes } = setup
    await changes.end()
    await searches.end()
    reportFailedSearches(run, searches)
    return `${searches.samples.length} searches, ${changes.count()} changes; ${figures.join('; ')}`
  },
}

/** Starts an Elasticsearch behind a network that can fail, the API with the shipped catalog, and the load. */
async function setUp(run: Run) {
  const { url: database_url, sql } = await openDatabase(run)
  const elasticsearch = await startElasticsearch()
  run.defer(elasticsearch.stop)
  const network = await openFaultyNetwork(elasticsearch.url)
  run.defer(network.stop)
  const client = openElasticsearch(elasticsearch.url)
  run.defer(client.close.bind(client))
  const alias = `prove_${crypto.randomUUID().slice(0, 8)}`
  run.defer(async () => dropIndices(client, await listIndices(client, alias)))
  const api = await startApi({ DATABASE_URL: database_url, ELASTICSEARCH_URL: network.url, SEARCH_INDEX: alias })
  run.defer(api.stop)
  await waitFor('the index is built', () => isSearchNormal(api.url))
  const searches = startSearches(api.url, createRandom(run.seed))
  run.defer(searches.end)
  const changes = startChanges(sql, createRandom(run.seed + 1))
  run.defer(changes.end)
  return { run, sql, elasticsearch, network, client, alias, url: api.url, searches, changes }
}

/** Injects one fault under load, checks its effects and returns the figures. */
async function testFault(setup: Setup, { name, seconds, in_short, inject }: Fault): Promise<string> {
  const { run, url, searches, changes } = setup
  const lasts_s = run.short ? in_short : seconds
  await waitFor('search is normal again', () => isSearchNormal(url))
  const began_ms = performance.now()
  const end = await inject(setup)
  let opened_ms = Number.POSITIVE_INFINITY
  while (performance.now() < began_ms + lasts_s * 1000) {
    if (opened_ms === Number.POSITIVE_INFINITY && !(await isSearchNormal(url))) opened_ms = performance.now()
    await Bun.sleep(100)
  }
  const times = searches.samples.filter(({ at_ms }) => at_ms >= opened_ms).map(({ took_ms }) => took_ms)
  const p95_ms = percentile(times, 0.95)
  await end()
  const ended_ms = performance.now()
  const isBack = () => searches.samples.some(({ at_ms, engine }) => at_ms > ended_ms && engine === 'elasticsearch')
  const back_s = await waitFor(`searches are back after it was ${name}`, isBack)
  const wrong = await compareIndex(setup, changes)
  const findings = wrong.map((difference) => `${name}: in the index, ${difference}`)
  failAll(run, findings)
  if (!run.short) {
    if (times.length === 0) run.fail(`${name}: the breaker never opened`)
    if (p95_ms > P95_MS) run.fail(`${name}: p95 of ${p95_ms.toFixed(0)} ms after the breaker had opened`)
    if (back_s > BACK_WITHIN_S) run.fail(`${name}: back after ${back_s.toFixed(1)} s`)
  }
  const opened = `open after ${((opened_ms - began_ms) / 1000).toFixed(1)} s, then p95 ${p95_ms.toFixed(0)} ms`
  return `${name} for ${lasts_s} s: ${opened}, back after ${back_s.toFixed(1)} s, ${wrong.length} documents wrong`
}
