import { listItems, makePeople, openStalls, type Person } from '../support/people.ts'
import { findWrongStock, recordStock } from '../support/stock.ts'
import { type Answer, addToCart, checkOut, describe, send, sendUntilFinal } from './stage/calls.ts'
import { contradictAll, findWrongMoney, untilSettled } from './stage/invariants.ts'
import { hasRedis, type Stage, type StoreKind, setStage } from './stage/stage.ts'
import { countFor, type Proof, type Trial } from './trial.ts'

/** The failure of Redis while the calls run. */
type Weather = 'calm' | 'flushed every 100 ms' | 'stopped in the middle'

const CALLS_PER_KEY = 100
const KEYS_AT_ONCE = 2
const FLUSH_EVERY_MS = 100
/** The limit for the jobs that settle the checkouts that no call has settled. */
const SETTLE_WITHIN_S = 60

export const sameKey: Proof = {
  name: 'same_key',
  claim: 'Parallel checkouts with one key are one checkout, one charge and one answer, whatever becomes of Redis',
  run: async (trial) => {
    const rounds = [await tryWeather(trial, 'none', 'calm')]
    if (hasRedis(trial, 'the rounds with Redis'))
      for (const weather of ['calm', 'flushed every 100 ms', 'stopped in the middle'] as const)
        rounds.push(await tryWeather(trial, 'redis', weather))
    return `${CALLS_PER_KEY} parallel calls for each of ${keyCount(trial)} keys, ${rounds.length} rounds: ${rounds.join('; ')}`
  },
}

const keyCount = (trial: Trial) => countFor(trial, 200)

/** Runs one round on its own stage: all calls of a key at once, repeated until their responses are final. */
export async function tryWeather(trial: Trial, store: StoreKind, weather: Weather): Promise<string> {
  const keys = keyCount(trial)
  const stage = await setStage(trial, store)
  const listings = await listItems(stage.sql, await openStalls(stage.sql, 5), Array(30).fill(1_000_000))
  await recordStock(stage.sql)
  const buyers = await makePeople(stage.sql, keys)
  const api = await stage.startApi()
  for (const [index, buyer] of buyers.entries())
    for (const step of [0, 7, 11].slice(0, 1 + (index % 3)))
      await send(api.url, buyer, addToCart(listings[(index + step) % listings.length]?.id ?? 0, 1 + (index % 2)))
  const endWeather = makeWeather(stage, weather)
  let calls = 0
  let done = 0
  const waiting = buyers.values()
  const lane = async () => {
    for (const buyer of waiting) {
      if (weather === 'stopped in the middle' && done >= keys / 2) await stage.redis?.kill()
      calls += await tryKey(trial, api.url, buyer, weather)
      trial.progress(++done, keys, `${store === 'none' ? 'without Redis' : `Redis ${weather}`}: ${calls} calls`)
    }
  }
  await Promise.all(Array.from({ length: KEYS_AT_ONCE }, lane))
  await endWeather()
  await untilSettled(trial, stage.sql, SETTLE_WITHIN_S)
  await checkCounts(trial, stage, keys)
  const granted = stage.granting ? `, ${stage.granting.countGranted()} locks granted` : ''
  if (stage.granting?.countGranted() === 0) trial.contradict('no lock was asked for, so granting it shows nothing')
  await api.stop()
  return `${store === 'none' ? 'without Redis' : store === 'granting' ? 'every lock granted' : `Redis ${weather}`}${granted}`
}

/** Sends all calls of one key at once and returns their number, without retries. */
async function tryKey(trial: Trial, url: string, buyer: Person, weather: string): Promise<number> {
  const call = checkOut(`key-${buyer.id}`)
  const answers = await Promise.all(Array.from({ length: CALLS_PER_KEY }, () => sendUntilFinal(url, buyer, call)))
  const distinct = new Set(answers.map((answer) => (answer ? `${answer.status} ${answer.text}` : 'no answer')))
  const wrong = answers.find((answer: Answer | null) => answer?.status !== 201)
  if (wrong !== undefined) trial.contradict(`Redis ${weather}: a checkout answered ${describe(wrong)}`)
  if (distinct.size > 1) trial.contradict(`Redis ${weather}: the answers to one key are ${distinct.size} different ones`)
  return answers.length
}

function makeWeather(stage: Stage, weather: Weather): () => Promise<void> {
  if (weather !== 'flushed every 100 ms') return async () => {}
  const timer = setInterval(() => void stage.redis?.flush().catch(() => {}), FLUSH_EVERY_MS)
  return async () => clearInterval(timer)
}

async function checkCounts(trial: Trial, { sql, provider }: Stage, keys: number): Promise<void> {
  const [row] = await sql<{ checkouts: number }[]>`select count(*) as checkouts from checkouts`
  if (row?.checkouts !== keys) trial.contradict(`${keys} keys left ${row?.checkouts} checkouts`)
  const counts = await provider.count()
  const charges = Object.values(counts.charges).reduce((sum, { count }) => sum + count, 0)
  if (charges !== keys) trial.contradict(`${keys} keys made ${charges} charges`)
  contradictAll(trial, await findWrongMoney(sql, counts))
  contradictAll(trial, await findWrongStock(sql))
}
