import { createRandom } from '../../../src/domains/catalog/random.ts'
import { openElasticsearch } from '../../../src/domains/search/elasticsearch/client.ts'
import { dropIndices, listIndices } from '../../../src/domains/search/elasticsearch/indices.ts'
import { startApi } from '../../support/api_process.ts'
import { type NetworkFault, openFaultyNetwork } from '../../support/faulty_network.ts'
import { percentile } from '../../support/figures.ts'
import { requires } from '../../support/requirements.ts'
import { startElasticsearch } from '../../support/stores/elasticsearch.ts'
import { failAll } from '../checks/invariants.ts'
import { compareIndex, isWell, waitFor } from '../checks/search_index.ts'
import { type ListingChanges, startChanges } from '../load/listing_changes.ts'
import { type SearchLoad, startSearches } from '../load/search_load.ts'
import type { Run, Scenario } from '../scenario.ts'
import { openDatabase } from '../servers/servers.ts'

/** The limits of the full form. The short form runs beside other tests, which make its times useless. */
const P95_MS = 600
const BACK_WITHIN_S = 20

/** A failure of Elasticsearch. `begin` starts it and returns a function that ends it. */
type Fault = { name: string; seconds: number; in_short: number; begin: (setup: Setup) => Promise<() => Promise<void>> }
type Setup = Awaited<ReturnType<typeof setUp>>

const through =
  (fault: NetworkFault): Fault['begin'] =>
  async ({ network }) => {
    network.inject(fault)
    return async () => network.inject({ kind: 'none' })
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
    begin: async (setup) => {
      const { kill, restart } = setup.elasticsearch
      // The short form has no time to start Elasticsearch again.
      if (setup.short || !kill || !restart) return await through({ kind: 'refuse' })(setup)
      await kill()
      return restart
    },
  },
  { name: 'slowed by 2 s', seconds: 50, in_short: 15, begin: through({ kind: 'slow', by_ms: 2000 }) },
  { name: 'slowed by 4 s', seconds: 50, in_short: 0, begin: through({ kind: 'slow', by_ms: 4000 }) },
  { name: 'black-holed', seconds: 50, in_short: 5, begin: through({ kind: 'black_hole' }) },
]

export const elasticsearchAway: Scenario = {
  name: 'elasticsearch_away',
  claim:
    'Killed, slowed or black-holed, Elasticsearch costs no response and little time, and its index misses nothing afterwards',
  test: async (run) => {
    if (requires('elasticsearch')) return await tryElasticsearchAway(run)
    run.skip('everything about an Elasticsearch that goes away (there is none)')
    return 'not tried'
  },
}

async function tryElasticsearchAway(run: Run): Promise<string> {
  const setup = await setUp(run)
  const searches = startSearches(setup.url, createRandom(run.seed))
  run.defer(searches.end)
  const changes = startChanges(setup.sql, createRandom(run.seed + 1))
  run.defer(changes.end)
  const figures: string[] = []
  const due = faults.filter(({ in_short }) => !run.short || in_short > 0)
  for (const [n, fault] of due.entries()) {
    run.progress(n, due.length, fault.name)
    figures.push(await tryFault(run, setup, fault, searches, changes))
  }
  await changes.end()
  await searches.end()
  const failed = searches.samples.filter(({ status }) => status !== 200)
  failAll(run, [...new Set(failed.map(({ status }) => `a search was answered ${status || 'not at all'}`))])
  await setup.stop()
  return `${searches.samples.length} searches, ${changes.count()} changes; ${figures.join('; ')}`
}

/** Starts the run's own Elasticsearch behind a network that can fail, and the API with the shipped catalog. */
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
  run.defer(api.kill)
  await waitFor('the index is built', () => isWell(api.url))
  return { short: run.short, sql, elasticsearch, network, client, alias, url: api.url, stop: api.stop }
}

/** Runs one fault under load, checks its effects and returns the figures. */
async function tryFault(run: Run, setup: Setup, fault: Fault, searches: SearchLoad, changes: ListingChanges): Promise<string> {
  const seconds = run.short ? fault.in_short : fault.seconds
  await waitFor('all is well again', () => isWell(setup.url))
  const began_ms = performance.now()
  const end = await fault.begin(setup)
  let opened_ms = Number.POSITIVE_INFINITY
  while (performance.now() < began_ms + seconds * 1000) {
    if (opened_ms === Number.POSITIVE_INFINITY && !(await isWell(setup.url))) opened_ms = performance.now()
    await Bun.sleep(100)
  }
  const times = searches.samples.filter(({ at_ms }) => at_ms >= opened_ms).map(({ took_ms }) => took_ms)
  const p95_ms = percentile(times, 0.95)
  await end()
  const ended_ms = performance.now()
  const isBack = () => searches.samples.some(({ at_ms, engine }) => at_ms > ended_ms && engine === 'elasticsearch')
  await waitFor(`searches are back after it was ${fault.name}`, async () => isBack())
  const back_s = (performance.now() - ended_ms) / 1000
  const wrong = await compareIndex(setup, changes)
  failAll(
    run,
    wrong.map((difference) => `${fault.name}: in the index, ${difference}`),
  )
  const opened_s = (opened_ms - began_ms) / 1000
  if (!run.short) {
    if (times.length === 0) run.fail(`${fault.name}: the breaker never opened`)
    if (p95_ms > P95_MS) run.fail(`${fault.name}: p95 of ${p95_ms.toFixed(0)} ms once the breaker had opened`)
    if (back_s > BACK_WITHIN_S) run.fail(`${fault.name}: back after ${back_s.toFixed(1)} s`)
  }
  return `${fault.name} for ${seconds} s: open after ${opened_s.toFixed(1)} s, then p95 ${p95_ms.toFixed(0)} ms, back after ${back_s.toFixed(1)} s, ${wrong.length} documents wrong`
}
