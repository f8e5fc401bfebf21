import { describeCounts } from '../support/figures.ts'
import { countLoadsOf, hasRedis, type StoreKind, setStage } from './stage/stage.ts'
import { startTraffic } from './traffic/start_traffic.ts'
import { type Crowd, contradictWrong, prepareTraffic } from './traffic/traffic.ts'
import { countFor, type Proof, type Trial } from './trial.ts'

const CROWD: Crowd = { readers: 50, reader_pause_ms: 10, writer_pause_ms: 20, carts: 5, buyers: 0 }

type Round = { processes: 1 | 2; store: StoreKind }

export const freshPages: Proof = {
  name: 'fresh_pages',
  claim: 'Who begins to read after a write was answered never sees what was before it, through whichever process',
  run: async (trial) => {
    const rounds: Round[] = [
      { processes: 1, store: 'none' },
      { processes: 2, store: 'none' },
    ]
    if (hasRedis(trial, 'the round with Redis')) rounds.unshift({ processes: 2, store: 'redis' })
    const figures: string[] = []
    for (const round of rounds) figures.push(await tryRound(trial, round))
    return `${CROWD.readers} readers and a writer for ${countFor(trial, 30)} s each: ${figures.join('; ')}`
  },
}

async function tryRound(trial: Trial, { processes, store }: Round): Promise<string> {
  const stage = await setStage(trial, store)
  const traffic = await prepareTraffic(trial, stage, CROWD)
  const apis = await Promise.all(Array.from({ length: processes }, () => stage.startApi()))
  const countLoads = await countLoadsOf(trial, stage, 'whether pages came from the cache')
  const name = `${processes} ${processes === 1 ? 'process' : 'processes'} ${store === 'none' ? 'without' : 'with'} Redis`
  const end = await startTraffic(
    traffic,
    apis.map(({ url }) => url),
  )
  const seconds = countFor(trial, 30)
  for (let second = 0; second < seconds && traffic.wrong.size === 0; second++) {
    await Bun.sleep(1000)
    trial.progress(second + 1, seconds, `${name}: ${describeCounts(traffic.counts)}`)
  }
  await end()
  contradictWrong(trial, traffic, name)
  const loads = await countLoads?.()
  // A round without hits in the cache proves nothing about the cache.
  const reads = traffic.counts.get('reads') ?? 0
  const is_cached = processes === 1 || store === 'redis'
  if (is_cached && loads !== undefined && loads > reads / 2)
    trial.contradict(`${name}: ${reads} reads loaded ${loads} pages: none was cached`)
  for (const api of apis) await api.stop()
  return `${name}: ${describeCounts(traffic.counts)}${loads === undefined ? '' : `, ${loads} loads of pages`}`
}
