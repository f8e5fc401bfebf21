import { join } from 'node:path'
import { createRandom } from '../../../src/domains/catalog/random.ts'
import { openElasticsearch } from '../../../src/domains/search/elasticsearch/client.ts'
import { listIndices } from '../../../src/domains/search/elasticsearch/indices.ts'
import { projectRoot } from '../../../src/platform/project.ts'
import { startApi } from '../../support/api_process.ts'
import { percentile } from '../../support/figures.ts'
import { findElasticsearchProgram } from '../../support/stores/elasticsearch.ts'
import { type ElasticsearchNode, startElasticsearchCluster } from '../../support/stores/elasticsearch_cluster.ts'
import { failAll } from '../checks/invariants.ts'
import { compareIndex, isWell, waitFor } from '../checks/search_index.ts'
import { type ListingChanges, startChanges } from '../load/listing_changes.ts'
import { type Sample, type SearchLoad, startSearches } from '../load/search_load.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { openDatabase } from '../servers/servers.ts'

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

export const searchCluster: Scenario = {
  name: 'search_cluster',
  claim: 'Any node of an Elasticsearch cluster dies under load and while its index is built anew, and no search notices',
  test: async (run) => {
    if (findElasticsearchProgram()) return await trySearchCluster(run)
    run.skip('everything about a cluster of Elasticsearch (there is none that can be started as a process)')
    return 'not tried'
  },
}

type Setup = Awaited<ReturnType<typeof setUp>> & { searches: SearchLoad; changes: ListingChanges }
type Death = { at_ms: number; was_master: boolean; green_s: number; wrong: number }

async function trySearchCluster(run: Run): Promise<string> {
  const set = await setUp(run)
  const searches = startSearches(set.url, createRandom(run.seed), CLIENTS)
  run.defer(searches.end)
  const changes = startChanges(set.sql, createRandom(run.seed + 1))
  run.defer(changes.end)
  const setup = { ...set, searches, changes }
  const count = run.short ? 1 : ROUNDS * set.nodes.length
  // Each node ROUNDS times. choose() takes the victims from this list.
  const doomed = Array.from({ length: ROUNDS * set.nodes.length }, (_, n) => set.nodes[n % set.nodes.length] as ElasticsearchNode)
  const deaths: Death[] = []
  for (let n = 0; n < count; n++) {
    deaths.push(await tryDeath(run, setup, await choose(setup, n, doomed), n))
    run.progress(n + 1, count, `${searches.samples.length} searches`)
  }
  await changes.end()
  await searches.end()
  await set.stop()
  return judge(run, searches.samples, changes.count(), deaths)
}

/**
 * Starts the run's own cluster, and the API with the shipped catalog. `SEARCH_REPLICAS=0` in the environment makes the scenario
 * fail.
 */
async function setUp(run: Run) {
  const { url: database_url, sql } = await openDatabase(run)
  const { nodes, urls, stop } = await startElasticsearchCluster({ size: SHARDS })
  run.defer(stop)
  const client = openElasticsearch(urls)
  run.defer(client.close.bind(client))
  const alias = 'prove_cluster'
  const variables = {
    DATABASE_URL: database_url,
    ELASTICSEARCH_URL: urls,
    SEARCH_INDEX: alias,
    SEARCH_SHARDS: String(SHARDS),
    SEARCH_REPLICAS: process.env.SEARCH_REPLICAS ?? '1',
  }
  const api = await startApi(variables)
  run.defer(api.kill)
  await waitFor('the index is built', () => isWell(api.url))
  return { short: run.short, sql, nodes, client, alias, variables, url: api.url, stop: api.stop }
}

/** Takes the next victim from `doomed`: by turns the elected master and another node, as far as the list has them. */
async function choose(
  { client }: Setup,
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
async function tryDeath(run: Run, setup: Setup, victim: Awaited<ReturnType<typeof choose>>, n: number): Promise<Death> {
  const { node, was_master } = victim
  await untilGreen(setup)
  await untilSearched(setup, performance.now(), countFor(run, SEARCHES))
  let reindexed: Promise<string> | undefined
  if (n % 2 === 1) {
    reindexed = reindex(setup)
    await waitFor('a build has begun', async () => (await listIndices(setup.client, setup.alias)).length === 2)
  }
  const at_ms = performance.now()
  await node.kill()
  await untilWhole(setup)
  await untilSearched(setup, at_ms, countFor(run, SEARCHES))
  const failure = await (reindexed ?? reindex(setup))
  if (failure) run.fail(`bun run reindex failed while a node was dead: ${failure}`)
  const wrong = await compareIndex(setup, setup.changes)
  failAll(
    run,
    wrong.map((difference) => `without ${node.name}: in the index, ${difference}`),
  )
  if (run.short) return { at_ms, was_master, green_s: 0, wrong: wrong.length }
  const restarted_ms = performance.now()
  await node.restart()
  await untilGreen(setup)
  return { at_ms, was_master, green_s: (performance.now() - restarted_ms) / 1000, wrong: wrong.length }
}

/** Waits until the cluster has every node and every copy of every shard. */
async function untilGreen({ client, nodes }: Setup): Promise<void> {
  await waitFor('the cluster is green', async () => {
    const { status, number_of_nodes } = await client.cluster.health()
    return status === 'green' && number_of_nodes === nodes.length
  })
}

/**
 * Waits until `count` searches that began after `from_ms` have a response. In the full form only responses of Elasticsearch
 * count. In the short form a busy machine can open the breaker.
 */
async function untilSearched({ searches, short }: Setup, from_ms: number, count: number): Promise<void> {
  const counts = ({ at_ms, engine }: Sample) => at_ms > from_ms && (short || engine === 'elasticsearch')
  await waitFor(`${count} searches are answered as they should be`, async () => searches.samples.filter(counts).length >= count)
}

/** Waits until a search finds every shard on the remaining nodes. The search sets no timeout of its own. */
async function untilWhole({ client, alias }: Setup): Promise<void> {
  const search = () => client.search({ index: alias, size: 0, allow_partial_search_results: false })
  await waitFor('no shard of the index is missing', () =>
    search().then(
      () => true,
      () => false,
    ),
  )
}

/** Rebuilds the index by the operator's command. Returns its error output, or an empty text if it succeeds. */
async function reindex({ variables }: Setup): Promise<string> {
  const child = Bun.spawn([process.execPath, join(projectRoot, 'src', 'commands', 'reindex.ts')], {
    env: { ...process.env, ...variables },
    stdin: 'ignore',
    stdout: 'ignore',
    stderr: 'pipe',
  })
  const complaint = await new Response(child.stderr).text()
  return (await child.exited) === 0 ? '' : complaint.trim() || 'no word of why'
}

function judge(run: Run, samples: Sample[], changes: number, deaths: Death[]): string {
  const failed = samples.filter(({ status }) => status !== 200)
  failAll(run, [...new Set(failed.map(({ status }) => `a search was answered ${status || 'not at all'}`))])
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
  if (!run.short) {
    if (share > MOST_STOOD_IN) run.fail(`PostgreSQL stood in for ${(share * 100).toFixed(1)} % of the searches`)
    if (Math.max(...p95_ms) > MOST_TIMES_CALM * calm_ms)
      run.fail(`p95 of ${Math.max(...p95_ms).toFixed(0)} ms after a death, ${calm_ms.toFixed(0)} ms otherwise`)
  }
  const masters = deaths.filter(({ was_master }) => was_master).length
  return (
    `${samples.length} searches, ${failed.length} failed, ${changes} changes; ${deaths.length} nodes killed, ${masters} of them the elected master, the index built anew each time; ` +
    `PostgreSQL stood in for ${stood_in.length} searches (${(share * 100).toFixed(2)} %)${stood_in.length > 0 ? `, the last ${Math.max(...late_s).toFixed(1)} s after a death` : ''}; ` +
    `p95 ${calm_ms.toFixed(0)} ms, in the ${AROUND_MS / 1000} s after a death at most ${Math.max(...p95_ms).toFixed(0)} ms; ` +
    `green ${Math.max(...deaths.map(({ green_s }) => green_s)).toFixed(0)} s after a restart at most; ${deaths.reduce((sum, { wrong }) => sum + wrong, 0)} documents wrong`
  )
}
