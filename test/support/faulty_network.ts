/** A proxy between a client and a store. A test makes it slow, lose data or refuse connections, and makes it work again. */
import { connect, createServer, type Socket } from 'node:net'

/** A black hole accepts connections and bytes, but forwards no bytes. `refuse` ends every connection. */
export type NetworkFault = { kind: 'none' } | { kind: 'slow'; by_ms: number } | { kind: 'black_hole' } | { kind: 'refuse' }

/** `countSwallowed` counts connections that lost bytes in a black hole and ended before the next fault. */
export type FaultyNetwork = {
  url: string
  inject: (fault: NetworkFault) => void
  /** Forwards to another store from now on. Ends the connections to the previous store. */
  aim: (store_url: string) => void
  countSwallowed: () => number
  countConnections: () => number
  stop: () => Promise<void>
}

type Line = { client: Socket; store: Socket; is_torn: boolean }

/** Opens a proxy to the store at `http://host:port`. */
export async function openFaultyNetwork(store_url: string): Promise<FaultyNetwork> {
  let target = new URL(store_url)
  const lines = new Set<Line>()
  let fault: NetworkFault = { kind: 'none' }
  let swallowed = 0
  let connections = 0
  const end = (line: Line) => {
    if (lines.delete(line) && line.is_torn && fault.kind === 'black_hole') swallowed++
    line.client.destroy()
    line.store.destroy()
  }
  const server = createServer((client) => {
    connections++
    if (fault.kind === 'refuse') return client.destroy()
    const store = connect(Number(target.port), target.hostname)
    const line: Line = { client, store, is_torn: false }
    lines.add(line)
    for (const socket of [client, store]) socket.on('error', () => {}).on('close', () => end(line))
    const pass = (to: Socket) => (chunk: Buffer) => {
      if (fault.kind === 'black_hole') line.is_torn = true
      else if (!line.is_torn) to.write(chunk)
    }
    client.on('data', pass(store))
    store.on('data', (chunk: Buffer) => {
      // Equal delays keep the order.
      if (fault.kind === 'slow') setTimeout(() => pass(client)(chunk), fault.by_ms)
      else pass(client)(chunk)
    })
    return undefined
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as { port: number }
  return {
    url: `http://127.0.0.1:${port}`,
    inject: (next) => {
      fault = next
      // A stream with a gap is unusable, so its connection ends.
      if (next.kind !== 'black_hole') for (const line of [...lines]) if (line.is_torn || next.kind === 'refuse') end(line)
    },
    aim: (next_url) => {
      target = new URL(next_url)
      for (const line of [...lines]) end(line)
    },
    countSwallowed: () => swallowed,
    countConnections: () => connections,
    stop: async () => {
      for (const line of [...lines]) end(line)
      await new Promise((resolve) => server.close(resolve))
    },
  }
}
