/** A cluster of real Elasticsearch nodes on this machine. A test can kill and restart each node. */
import { type ElasticsearchProcess, findElasticsearchProgram, freePort, javaOptions, startProcess } from './elasticsearch.ts'

/** With less compilation at the start, each of three nodes needs 10 s of a core instead of 17 s. */
const QUICK_START = '-XX:TieredStopAtLevel=1'

export type ElasticsearchNode = ElasticsearchProcess & { name: string }

export type ElasticsearchCluster = {
  nodes: ElasticsearchNode[]
  /** The URLs of all nodes, in the form of ELASTICSEARCH_URL. */
  urls: string
  stop: () => Promise<void>
}

/** Starts `size` nodes at once, each with a heap of `heap_mb`. Waits until every node is up. Throws if one does not start. */
export async function startElasticsearchCluster({ size = 3, heap_mb = 512 } = {}): Promise<ElasticsearchCluster> {
  const program = findElasticsearchProgram()
  if (!program) throw new Error('There is no Elasticsearch that can be started as a process.')
  const names = Array.from({ length: size }, (_, n) => `node_${n + 1}`)
  const ports: number[] = []
  while (ports.length < size * 2) {
    const port = await freePort()
    if (!ports.includes(port)) ports.push(port)
  }
  const [http, transport] = [ports.slice(0, size), ports.slice(size)]
  const shared = {
    'cluster.name': `stallwright-${crypto.randomUUID().slice(0, 8)}`,
    'cluster.initial_master_nodes': names.join(','),
    'discovery.seed_hosts': transport.map((port) => `127.0.0.1:${port}`).join(','),
  }
  const nodes = names.map((name, n): ElasticsearchNode => {
    const own = { 'node.name': name, 'http.port': http[n] as number, 'transport.port': transport[n] as number }
    return { ...startProcess(program, { ...shared, ...own }, `${javaOptions(heap_mb)} ${QUICK_START}`), name }
  })
  const stop = async () => void (await Promise.all(nodes.map((node) => node.stop())))
  try {
    await Promise.all(nodes.map((node) => node.untilUp()))
  } catch (error) {
    await stop()
    throw error
  }
  return { nodes, urls: nodes.map(({ url }) => url).join(','), stop }
}
