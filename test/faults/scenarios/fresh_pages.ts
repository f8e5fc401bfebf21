import { describeCounts } from '../../support/figures.ts'
import { openLoadCount } from '../checks/page_loads.ts'
import { startTraffic } from '../load/roles.ts'
import { prepareTraffic, reportViolations, type Users } from '../load/traffic.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { hasRedis, type StoreKind, startServers } from '../servers/servers.ts'

const USERS: Users = { readers: 50, reader_pause_ms: 10, writer_pause_ms: 20, carts: 5, buyers: 0 }

export const freshPages: Scenario = {
  name: 'fresh_pages',
  claim: 'A read that begins after the response to a write shows that write, through any process',
  test: async (run) => {
    const figures: string[] = []
    if (hasRedis(run, 'the round with Redis')) figures.push(await testRound(run, 2, 'redis'))
    figures.push(await testRound(run, 1, 'none'), await testRound(run, 2, 'none'))
    return `${USERS.readers} readers and a writer for ${countFor(run, 30)} s each: ${figures.join('; ')}`
  },
}

async function testRound(run: Run, processes: 1 | 2, store: StoreKind): Promise<string> {
  const servers = await startServers(run, store)
  const traffic = await prepareTraffic(run, servers, USERS)
  const apis = await Promise.all(Array.from({ length: processes }, () => servers.startApi()))
  const countLoads = await openLoadCount(run, servers.sql, 'whether pages came from the cache')
  const name = `${processes} ${processes === 1 ? 'process' : 'processes'} ${store === 'none' ? 'without' : 'with'} Redis`
  const end = await startTraffic(traffic, apis)
  const seconds = countFor(run, 30)
  for (let second = 0; second < seconds && traffic.wrong.size === 0; second++) {
    await Bun.sleep(1000)
    run.progress(second + 1, seconds, `${name}: ${describeCounts(traffic.counts)}`)
  }
  await end()
  reportViolations(run, traffic, name)
  const loads = await countLoads?.()
  // A round without hits in the cache proves nothing about the cache.
  const reads = traffic.counts.get('reads') ?? 0
  const is_cached = processes === 1 || store === 'redis'
  if (is_cached && loads !== undefined && loads > reads / 2)
    run.fail(`${name}: the cache served too little: ${loads} loads of pages for ${reads} reads`)
  for (const api of apis) await api.stop()
  return `${name}: ${describeCounts(traffic.counts)}${loads === undefined ? '' : `, ${loads} loads of pages`}`
}
