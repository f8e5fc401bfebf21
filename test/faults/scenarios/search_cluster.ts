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
import { compareIndex, isSearchNormal } from '../checks/search_index.ts'
import { startChanges } from '../load/listing_changes.ts'
import { reportFailedSearches, type Sample, startSearches } from '../load/search_load.ts'
import { waitFor } from '../loops.ts'
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
const MOST_BY_POSTGRES = 0.01
const MOST_TIMES_CALM = 3

export const searchCluster: Scenario = {
  name: 'search_cluster',
  claim: 'If any node of an Elasticsearch cluster dies, under load and while the index is rebuilt, no search fails',
  test: async (run) => {
    if (findElasticsearchProgram()) return await testSearchCluster(run)
    run.skip('everything (no Elasticsearch that can be started as a process)')
    return 'not run'
  },
}

type Setup = Awaited<ReturnType<typeof setUp>>
type Death = { at_ms: number; was_master: boolean; green_s: number; wrong: number }

async function testSearchCluster(run: Run): Promise<string> {
  const setup = await setUp(run)
  const { nodes, searches, changes } = setup
  // Each node ROUNDS times. chooseVictim() takes the victims from this list.
  const doomed = Array.from({ length: ROUNDS }, () => nodes).flat()
  const count = run.short ? 1 : doomed.length
  const deaths: Death[] = []
  for (let n = 0; n < count; n++) {
    deaths.push(await testDeath(setup, await chooseVictim(setup, n, doomed), n))
    run.progress(n + 1, count, `${searches.samples.length} searches`)
  }
  await changes.end()
  await searches.end()
  const failed = reportFailedSearches(run, searches)
  return `${failed} searches failed, ${changes.count()} changes; ${judge(run, searches.samples, deaths)}`
}

/**
 * Starts a cluster, the API with the shipped catalog, and the load. `SEARCH_REPLICAS=0` in the environment makes the scenario
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
  run.defer(api.stop)
  await waitFor('the index is built', () => isSearchNormal(api.url))
  const searches = startSearches(api.url, createRandom(run.seed), CLIENTS)
  run.defer(searches.end)
  const changes = startChanges(sql, createRandom(run.seed + 1))
  run.defer(changes.end)
  return { run, sql, nodes, client, alias, variables, searches, changes }
}

type Victim = { node: ElasticsearchNode; was_master: boolean }

/** Removes the next victim from `doomed`: in turn the elected master and another node, while the list has such a node. */
async function chooseVictim({ client }: Setup, n: number, doomed: ElasticsearchNode[]): Promise<Victim> {
  const [elected] = await client.cat.master({ format: 'json', h: 'node' })
  const isMaster = ({ name }: ElasticsearchNode) => name === elected?.node
  const found = doomed.findIndex((node) => isMaster(node) === (n % 2 === 0))
  const node = doomed.splice(Math.max(0, found), 1)[0] as ElasticsearchNode
  return { node, was_master: isMaster(node) }
}

/** Kills a node, by turns before a rebuild of the index and in the middle of it. In the full form the node starts again. */
async function testDeath(setup: Setup, { node, was_master }: Victim, n: number): Promise<Death> {
  const { run, client, alias, changes } = setup
  await untilGreen(setup)
  await untilSearched(setup, performance.now())
  let reindexed: Promise<string> | undefined
  if (n % 2 === 1) {
    reindexed = reindex(setup)
    await waitFor('a build has begun', async () => (await listIndices(client, alias)).length === 2)
  }
  const at_ms = performance.now()
  await node.kill()
  await waitFor('no shard of the index is missing', () => findsEveryShard(setup))
  await untilSearched(setup, at_ms)
  const failure = await (reindexed ?? reindex(setup))
  if (failure) run.fail(`bun run reindex failed while a node was dead: ${failure}`)
  const wrong = await compareIndex(setup, changes)
  const findings = wrong.map((difference) => `without ${node.name}: in the index, ${difference}`)
  failAll(run, findings)
  const death = { at_ms, was_master, green_s: 0, wrong: wrong.length }
  if (run.short) return death
  const restarted_ms = performance.now()
  await node.restart()
  await untilGreen(setup)
  return { ...death, green_s: (performance.now() - restarted_ms) / 1000 }
}

/** Waits until the cluster has every node and every copy of every shard. */
async function untilGreen({ client, nodes }: Setup): Promise<void> {
  await waitFor('the cluster is green', async () => {
    const { status, number_of_nodes } = await client.cluster.health()
    return status === 'green' && number_of_nodes === nodes.length
  })
}

/**
 * Waits until SEARCHES searches that began after `from_ms` have a response. In the full form only responses of Elasticsearch
 * count. In the short form a busy machine can open the breaker.
 */
async function untilSearched({ run, searches }: Setup, from_ms: number): Promise<void> {
  const count = countFor(run, SEARCHES)
  const counts = ({ at_ms, engine }: Sample) => at_ms > from_ms && (run.short || engine === 'elasticsearch')
  await waitFor(`${count} searches have a response`, () => searches.samples.filter(counts).length >= count)
}

/** Returns whether a search finds every shard on the remaining nodes. The search sets no timeout of its own. */
function findsEveryShard({ client, alias }: Setup): Promise<boolean> {
  const search = client.search({ index: alias, size: 0, allow_partial_search_results: false })
  return search.then(
    () => true,
    () => false,
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
  const errors = await new Response(child.stderr).text()
  return (await child.exited) === 0 ? '' : errors.trim() || 'without an error message'
}

function judge(run: Run, samples: Sample[], deaths: Death[]): string {
  const p95 = (some: Sample[]) =>
    percentile(
      some.map(({ took_ms }) => took_ms),
      0.95,
    )
  const after = deaths.map(({ at_ms }) =>
    samples.filter((sample) => sample.at_ms + sample.took_ms >= at_ms && sample.at_ms < at_ms + AROUND_MS),
  )
  const calm_ms = p95(samples.filter((sample) => !after.flat().includes(sample)))
  const worst_ms = Math.max(...after.map(p95))
  const by_postgres = samples.filter(({ engine }) => engine !== 'elasticsearch')
  const share = `${((100 * by_postgres.length) / samples.length).toFixed(2)} %`
  if (!run.short) {
    if (by_postgres.length > MOST_BY_POSTGRES * samples.length) run.fail(`PostgreSQL ran ${share} of the searches`)
    if (worst_ms > MOST_TIMES_CALM * calm_ms)
      run.fail(`p95 of ${worst_ms.toFixed(0)} ms after a death, ${calm_ms.toFixed(0)} ms otherwise`)
  }
  const lastDeathBefore = (at_ms: number) =>
    Math.max(0, ...deaths.map((death) => death.at_ms).filter((death_ms) => death_ms <= at_ms))
  const late_s = Math.max(0, ...by_postgres.map(({ at_ms }) => (at_ms - lastDeathBefore(at_ms)) / 1000))
  const masters = deaths.filter(({ was_master }) => was_master).length
  const green_s = Math.max(...deaths.map((death) => death.green_s))
  const wrong = deaths.reduce((sum, death) => sum + death.wrong, 0)
  return [
    `${deaths.length} nodes killed, ${masters} of them the elected master, the index rebuilt each time`,
    `${by_postgres.length} of ${samples.length} searches by PostgreSQL (${share}), the last ${late_s.toFixed(1)} s after a death`,
    `p95 ${calm_ms.toFixed(0)} ms, in the ${AROUND_MS / 1000} s after a death at most ${worst_ms.toFixed(0)} ms`,
    `green ${green_s.toFixed(0)} s after a restart at most`,
    `${wrong} documents wrong`,
  ].join('; ')
}
