import { describeCounts } from '../../support/figures.ts'
import { startTraffic } from '../load/start_traffic.ts'
import { failWrong, prepareTraffic, type Users } from '../load/traffic.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { countLoadsOf, hasRedis, type StoreKind, startServers } from '../servers/servers.ts'

const USERS: Users = { readers: 50, reader_pause_ms: 10, writer_pause_ms: 20, carts: 5, buyers: 0 }

type Round = { processes: 1 | 2; store: StoreKind }

export const freshPages: Scenario = {
  name: 'fresh_pages',
  claim: 'Who begins to read after a write was answered never sees what was before it, through whichever process',
  test: async (run) => {
    const rounds: Round[] = [
      { processes: 1, store: 'none' },
      { processes: 2, store: 'none' },
    ]
    if (hasRedis(run, 'the round with Redis')) rounds.unshift({ processes: 2, store: 'redis' })
    const figures: string[] = []
    for (const round of rounds) figures.push(await tryRound(run, round))
    return `${USERS.readers} readers and a writer for ${countFor(run, 30)} s each: ${figures.join('; ')}`
  },
}

async function tryRound(run: Run, { processes, store }: Round): Promise<string> {
  const servers = await startServers(run, store)
  const traffic = await prepareTraffic(run, servers, USERS)
  const apis = await Promise.all(Array.from({ length: processes }, () => servers.startApi()))
  const countLoads = await countLoadsOf(run, servers, 'whether pages came from the cache')
  const name = `${processes} ${processes === 1 ? 'process' : 'processes'} ${store === 'none' ? 'without' : 'with'} Redis`
  const end = await startTraffic(
    traffic,
    apis.map(({ url }) => url),
  )
  const seconds = countFor(run, 30)
  for (let second = 0; second < seconds && traffic.wrong.size === 0; second++) {
    await Bun.sleep(1000)
    run.progress(second + 1, seconds, `${name}: ${describeCounts(traffic.counts)}`)
  }
  await end()
  failWrong(run, traffic, name)
  const loads = await countLoads?.()
  // A round without hits in the cache proves nothing about the cache.
  const reads = traffic.counts.get('reads') ?? 0
  const is_cached = processes === 1 || store === 'redis'
  if (is_cached && loads !== undefined && loads > reads / 2)
    run.fail(`${name}: ${reads} reads loaded ${loads} pages: none was cached`)
  for (const api of apis) await api.stop()
  return `${name}: ${describeCounts(traffic.counts)}${loads === undefined ? '' : `, ${loads} loads of pages`}`
}
