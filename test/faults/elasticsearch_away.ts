import { createRandom } from '../../src/domains/catalog/random.ts'
import { openElasticsearch } from '../../src/domains/search/elasticsearch/client.ts'
import { dropIndices, listIndices } from '../../src/domains/search/elasticsearch/index.ts'
import { startApi } from '../support/api_process.ts'
import { openFaultyNetwork, type Weather } from '../support/faulty_network.ts'
import { percentile } from '../support/figures.ts'
import { requires } from '../support/requirements.ts'
import { startElasticsearch } from '../support/stores/elasticsearch.ts'
import { contradictAll } from './stage/invariants.ts'
import { type ListingChanges, startChanges } from './stage/listing_changes.ts'
import { compareIndex, isWell, waitFor } from './stage/search_index.ts'
import { type SearchLoad, startSearches } from './stage/search_load.ts'
import { openDatabase } from './stage/stage.ts'
import type { Proof, Trial } from './trial.ts'

/** The limits of the full form. The short form runs beside other tests, which make its times useless. */
const P95_MS = 600
const BACK_WITHIN_S = 20

/** A failure of Elasticsearch. `begin` starts it and returns a function that ends it. */
type Mishap = { name: string; seconds: number; in_short: number; begin: (play: Play) => Promise<() => Promise<void>> }
type Play = Awaited<ReturnType<typeof setUp>>

const through =
  (weather: Weather): Mishap['begin'] =>
  async ({ network }) => {
    network.turn(weather)
    return async () => network.turn({ kind: 'fair' })
  }

/**
 * In the full form a mishap lasts long enough for two things: earlier calls leave the 10 s that the breaker looks back, and then
 * the breaker sends two probes.
 */
const mishaps: Mishap[] = [
  {
    name: 'killed',
    seconds: 40,
    in_short: 3,
    begin: async (play) => {
      const { kill, restart } = play.elasticsearch
      // The short form has no time to start Elasticsearch again.
      if (play.short || !kill || !restart) return await through({ kind: 'refuse' })(play)
      await kill()
      return restart
    },
  },
  { name: 'slowed by 2 s', seconds: 50, in_short: 15, begin: through({ kind: 'slow', by_ms: 2000 }) },
  { name: 'slowed by 4 s', seconds: 50, in_short: 0, begin: through({ kind: 'slow', by_ms: 4000 }) },
  { name: 'black-holed', seconds: 50, in_short: 5, begin: through({ kind: 'black_hole' }) },
]

export const elasticsearchAway: Proof = {
  name: 'elasticsearch_away',
  claim: 'Killed, slowed or black-holed, Elasticsearch costs no answer and little time, and its index misses nothing afterwards',
  run: async (trial) => {
    if (requires('elasticsearch')) return await tryElasticsearchAway(trial)
    trial.leaveOut('everything about an Elasticsearch that goes away (there is none)')
    return 'not tried'
  },
}

async function tryElasticsearchAway(trial: Trial): Promise<string> {
  const play = await setUp(trial)
  const searches = startSearches(play.url, createRandom(trial.seed))
  trial.later(searches.end)
  const changes = startChanges(play.sql, createRandom(trial.seed + 1))
  trial.later(changes.end)
  const figures: string[] = []
  const due = mishaps.filter(({ in_short }) => !trial.short || in_short > 0)
  for (const [n, mishap] of due.entries()) {
    trial.progress(n, due.length, mishap.name)
    figures.push(await tryMishap(trial, play, mishap, searches, changes))
  }
  await changes.end()
  await searches.end()
  const failed = searches.samples.filter(({ status }) => status !== 200)
  contradictAll(trial, [...new Set(failed.map(({ status }) => `a search was answered ${status || 'not at all'}`))])
  await play.stop()
  return `${searches.samples.length} searches, ${changes.count()} changes; ${figures.join('; ')}`
}

/** Starts the trial's own Elasticsearch behind a network that can fail, and the API with the shipped catalog. */
async function setUp(trial: Trial) {
  const { url: database_url, sql } = await openDatabase(trial)
  const elasticsearch = await startElasticsearch()
  trial.later(elasticsearch.stop)
  const network = await openFaultyNetwork(elasticsearch.url)
  trial.later(network.stop)
  const client = openElasticsearch(elasticsearch.url)
  trial.later(client.close.bind(client))
  const alias = `prove_${crypto.randomUUID().slice(0, 8)}`
  trial.later(async () => dropIndices(client, await listIndices(client, alias)))
  const api = await startApi({ DATABASE_URL: database_url, ELASTICSEARCH_URL: network.url, SEARCH_INDEX: alias })
  trial.later(api.kill)
  await waitFor('the index is built', () => isWell(api.url))
  return { short: trial.short, sql, elasticsearch, network, client, alias, url: api.url, stop: api.stop }
}

/** Runs one mishap under load, checks its effects and returns the figures. */
async function tryMishap(
  trial: Trial,
  play: Play,
  mishap: Mishap,
  searches: SearchLoad,
  changes: ListingChanges,
): Promise<string> {
  const seconds = trial.short ? mishap.in_short : mishap.seconds
  await waitFor('all is well again', () => isWell(play.url))
  const began_ms = performance.now()
  const end = await mishap.begin(play)
  let opened_ms = Number.POSITIVE_INFINITY
  while (performance.now() < began_ms + seconds * 1000) {
    if (opened_ms === Number.POSITIVE_INFINITY && !(await isWell(play.url))) opened_ms = performance.now()
    await Bun.sleep(100)
  }
  const times = searches.samples.filter(({ at_ms }) => at_ms >= opened_ms).map(({ took_ms }) => took_ms)
  const p95_ms = percentile(times, 0.95)
  await end()
  const ended_ms = performance.now()
  const isBack = () => searches.samples.some(({ at_ms, engine }) => at_ms > ended_ms && engine === 'elasticsearch')
  await waitFor(`searches are back after it was ${mishap.name}`, async () => isBack())
  const back_s = (performance.now() - ended_ms) / 1000
  const wrong = await compareIndex(play, changes)
  contradictAll(
    trial,
    wrong.map((difference) => `${mishap.name}: in the index, ${difference}`),
  )
  const opened_s = (opened_ms - began_ms) / 1000
  if (!trial.short) {
    if (times.length === 0) trial.contradict(`${mishap.name}: the breaker never opened`)
    if (p95_ms > P95_MS) trial.contradict(`${mishap.name}: p95 of ${p95_ms.toFixed(0)} ms once the breaker had opened`)
    if (back_s > BACK_WITHIN_S) trial.contradict(`${mishap.name}: back after ${back_s.toFixed(1)} s`)
  }
  return `${mishap.name} for ${seconds} s: open after ${opened_s.toFixed(1)} s, then p95 ${p95_ms.toFixed(0)} ms, back after ${back_s.toFixed(1)} s, ${wrong.length} documents wrong`
}
