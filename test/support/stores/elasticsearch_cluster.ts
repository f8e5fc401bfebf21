/** A cluster of real Elasticsearch nodes on this machine, each of which can be killed and started again. */
import { type ElasticsearchProcess, findElasticsearchProgram, freePort, javaOptions, startProcess } from './elasticsearch.ts'

/** A node compiles less of itself while it starts, so that three need 10 s of a core each in place of 17. */
const QUICK_START = '-XX:TieredStopAtLevel=1'

export type ElasticsearchNode = ElasticsearchProcess & { name: string }

export type ElasticsearchCluster = {
  nodes: ElasticsearchNode[]
  /** Of all nodes, as ELASTICSEARCH_URL has them. */
  urls: string
  stop: () => Promise<void>
}

/** Starts so many nodes at once, each with this heap, and waits until they are one cluster. Throws when one does not start. */
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
