import { join } from 'node:path'
import { createRandom } from '../../src/domains/catalog/random.ts'
import { openElasticsearch } from '../../src/domains/search/elasticsearch/client.ts'
import { listIndices } from '../../src/domains/search/elasticsearch/index.ts'
import { projectRoot } from '../../src/platform/project.ts'
import { startApi } from '../support/api_process.ts'
import { percentile } from '../support/figures.ts'
import { findElasticsearchProgram } from '../support/stores/elasticsearch.ts'
import { type ElasticsearchNode, startElasticsearchCluster } from '../support/stores/elasticsearch_cluster.ts'
import { contradictAll } from './stage/invariants.ts'
import { type ListingChanges, startChanges } from './stage/listing_changes.ts'
import { compareIndex, isWell, waitFor } from './stage/search_index.ts'
import { type Sample, type SearchLoad, startSearches } from './stage/search_load.ts'
import { openDatabase } from './stage/stage.ts'
import { countFor, type Proof, type Trial } from './trial.ts'

/** One shard for each node, so that the death of any node takes a shard away. */
const SHARDS = 3
/** The deaths of each node in the full form. In the short form only the elected master dies, once. */
const ROUNDS = 2
/** A light load, because three nodes, the API and PostgreSQL share two cores. */
const CLIENTS = 2
/** The number of searches before a death, as a baseline, and the number that the remaining nodes must serve after it. */
const SEARCHES = 100
/** The effect of a death is measured in the searches of this time after it. */
const AROUND_MS = 10_000
/** The limits of the full form. The short form runs beside other tests, which make its times useless. */
const MOST_STOOD_IN = 0.01
const MOST_TIMES_CALM = 3

export const searchCluster: Proof = {
  name: 'search_cluster',
  claim: 'Any node of an Elasticsearch cluster dies under load and while its index is built anew, and no search notices',
  run: async (trial) => {
    if (findElasticsearchProgram()) return await trySearchCluster(trial)
    trial.leaveOut('everything about a cluster of Elasticsearch (there is none that can be started as a process)')
    return 'not tried'
  },
}

type Play = Awaited<ReturnType<typeof setUp>> & { searches: SearchLoad; changes: ListingChanges }
type Death = { at_ms: number; was_master: boolean; green_s: number; wrong: number }

async function trySearchCluster(trial: Trial): Promise<string> {
  const set = await setUp(trial)
  const searches = startSearches(set.url, createRandom(trial.seed), CLIENTS)
  trial.later(searches.end)
  const changes = startChanges(set.sql, createRandom(trial.seed + 1))
  trial.later(changes.end)
  const play = { ...set, searches, changes }
  const count = trial.short ? 1 : ROUNDS * set.nodes.length
  // Each node ROUNDS times. choose() takes the victims from this list.
  const doomed = Array.from({ length: ROUNDS * set.nodes.length }, (_, n) => set.nodes[n % set.nodes.length] as ElasticsearchNode)
  const deaths: Death[] = []
  for (let n = 0; n < count; n++) {
    deaths.push(await tryDeath(trial, play, await choose(play, n, doomed), n))
    trial.progress(n + 1, count, `${searches.samples.length} searches`)
  }
  await changes.end()
  await searches.end()
  await set.stop()
  return judge(trial, searches.samples, changes.count(), deaths)
}

/**
 * Starts the trial's own cluster, and the API with the shipped catalog. `SEARCH_REPLICAS=0` in the environment makes the proof
 * fail.
 */
async function setUp(trial: Trial) {
  const { url: database_url, sql } = await openDatabase(trial)
  const { nodes, urls, stop } = await startElasticsearchCluster({ size: SHARDS })
  trial.later(stop)
  const client = openElasticsearch(urls)
  trial.later(client.close.bind(client))
  const alias = 'prove_cluster'
  const variables = {
    DATABASE_URL: database_url,
    ELASTICSEARCH_URL: urls,
    SEARCH_INDEX: alias,
    SEARCH_SHARDS: String(SHARDS),
    SEARCH_REPLICAS: process.env.SEARCH_REPLICAS ?? '1',
  }
  const api = await startApi(variables)
  trial.later(api.kill)
  await waitFor('the index is built', () => isWell(api.url))
  return { short: trial.short, sql, nodes, client, alias, variables, url: api.url, stop: api.stop }
}

/** Takes the next victim from `doomed`: by turns the elected master and another node, as far as the list has them. */
async function choose(
  { client }: Play,
  n: number,
  doomed: ElasticsearchNode[],
): Promise<{ node: ElasticsearchNode; was_master: boolean }> {
  const [elected] = await client.cat.master({ format: 'json', h: 'node' })
  const isMaster = ({ name }: ElasticsearchNode) => name === elected?.node
  const place = Math.max(
    0,
    doomed.findIndex((node) => isMaster(node) === (n % 2 === 0)),
  )
  const node = doomed.splice(place, 1)[0] as ElasticsearchNode
  return { node, was_master: isMaster(node) }
}

/** Kills a node, by turns before a rebuild of the index and in the middle of it. In the full form the node starts again. */
async function tryDeath(trial: Trial, play: Play, victim: Awaited<ReturnType<typeof choose>>, n: number): Promise<Death> {
  const { node, was_master } = victim
  await untilGreen(play)
  await untilSearched(play, performance.now(), countFor(trial, SEARCHES))
  let reindexed: Promise<string> | undefined
  if (n % 2 === 1) {
    reindexed = reindex(play)
    await waitFor('a build has begun', async () => (await listIndices(play.client, play.alias)).length === 2)
  }
  const at_ms = performance.now()
  await node.kill()
  await untilWhole(play)
  await untilSearched(play, at_ms, countFor(trial, SEARCHES))
  const failure = await (reindexed ?? reindex(play))
  if (failure) trial.contradict(`bun run reindex failed while a node was dead: ${failure}`)
  const wrong = await compareIndex(play, play.changes)
  contradictAll(
    trial,
    wrong.map((difference) => `without ${node.name}: in the index, ${difference}`),
  )
  if (trial.short) return { at_ms, was_master, green_s: 0, wrong: wrong.length }
  const restarted_ms = performance.now()
  await node.restart()
  await untilGreen(play)
  return { at_ms, was_master, green_s: (performance.now() - restarted_ms) / 1000, wrong: wrong.length }
}

/** Waits until the cluster has every node and every copy of every shard. */
async function untilGreen({ client, nodes }: Play): Promise<void> {
  await waitFor('the cluster is green', async () => {
    const { status, number_of_nodes } = await client.cluster.health()
    return status === 'green' && number_of_nodes === nodes.length
  })
}

/**
 * Waits until `count` searches that began after `from_ms` have a response. In the full form only responses of Elasticsearch
 * count. In the short form a busy machine can open the breaker.
 */
async function untilSearched({ searches, short }: Play, from_ms: number, count: number): Promise<void> {
  const counts = ({ at_ms, engine }: Sample) => at_ms > from_ms && (short || engine === 'elasticsearch')
  await waitFor(`${count} searches are answered as they should be`, async () => searches.samples.filter(counts).length >= count)
}

/** Waits until a search finds every shard on the remaining nodes. The search sets no timeout of its own. */
async function untilWhole({ client, alias }: Play): Promise<void> {
  const search = () => client.search({ index: alias, size: 0, allow_partial_search_results: false })
  await waitFor('no shard of the index is missing', () =>
    search().then(
      () => true,
      () => false,
    ),
  )
}

/** Rebuilds the index by the operator's command. Returns its error output, or an empty text if it succeeds. */
async function reindex({ variables }: Play): Promise<string> {
  const child = Bun.spawn([process.execPath, join(projectRoot, 'src', 'commands', 'reindex.ts')], {
    env: { ...process.env, ...variables },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  })
  const complaint = await new Response(child.stderr).text()
  return (await child.exited) === 0 ? '' : complaint.trim() || 'no word of why'
}

function judge(trial: Trial, samples: Sample[], changes: number, deaths: Death[]): string {
  const failed = samples.filter(({ status }) => status !== 200)
  contradictAll(trial, [...new Set(failed.map(({ status }) => `a search was answered ${status || 'not at all'}`))])
  const stood_in = samples.filter(({ engine }) => engine !== 'elasticsearch')
  const share = stood_in.length / samples.length
  const after = deaths.map(({ at_ms }) =>
    samples.filter((sample) => sample.at_ms + sample.took_ms >= at_ms && sample.at_ms < at_ms + AROUND_MS),
  )
  const p95_ms = after.map((around) =>
    percentile(
      around.map(({ took_ms }) => took_ms),
      0.95,
    ),
  )
  const calm_ms = percentile(
    samples.filter((sample) => !after.flat().includes(sample)).map(({ took_ms }) => took_ms),
    0.95,
  )
  const late_s = stood_in.map(
    ({ at_ms }) => (at_ms - Math.max(0, ...deaths.map((death) => death.at_ms).filter((death_ms) => death_ms <= at_ms))) / 1000,
  )
  if (!trial.short) {
    if (share > MOST_STOOD_IN) trial.contradict(`PostgreSQL stood in for ${(share * 100).toFixed(1)} % of the searches`)
    if (Math.max(...p95_ms) > MOST_TIMES_CALM * calm_ms)
      trial.contradict(`p95 of ${Math.max(...p95_ms).toFixed(0)} ms after a death, ${calm_ms.toFixed(0)} ms otherwise`)
  }
  const masters = deaths.filter(({ was_master }) => was_master).length
  return (
    `${samples.length} searches, ${failed.length} failed, ${changes} changes; ${deaths.length} nodes killed, ${masters} of them the elected master, the index built anew each time; ` +
    `PostgreSQL stood in for ${stood_in.length} searches (${(share * 100).toFixed(2)} %)${stood_in.length > 0 ? `, the last ${Math.max(...late_s).toFixed(1)} s after a death` : ''}; ` +
    `p95 ${calm_ms.toFixed(0)} ms, in the ${AROUND_MS / 1000} s after a death at most ${Math.max(...p95_ms).toFixed(0)} ms; ` +
    `green ${Math.max(...deaths.map(({ green_s }) => green_s)).toFixed(0)} s after a restart at most; ${deaths.reduce((sum, { wrong }) => sum + wrong, 0)} documents wrong`
  )
}
