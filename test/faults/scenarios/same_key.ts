import { listItems, makePeople, openShops, type Person } from '../../support/people.ts'
import { findWrongStock, recordStock } from '../../support/stock.ts'
import { failAll, findWrongMoney, untilSettled } from '../checks/invariants.ts'
import { type ApiResponse, addToCart, checkOut, describe, send, sendUntilFinal } from '../load/calls.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { hasRedis, type Servers, type StoreKind, startServers } from '../servers/servers.ts'

/** The failure of Redis while the calls run. */
type Fault = 'calm' | 'flushed every 100 ms' | 'stopped in the middle'

const CALLS_PER_KEY = 100
const KEYS_AT_ONCE = 2
const FLUSH_EVERY_MS = 100
/** The limit for the jobs that settle the checkouts that no call has settled. */
const SETTLE_WITHIN_S = 60

export const sameKey: Scenario = {
  name: 'same_key',
  claim: 'Parallel checkouts with one key are one checkout, one charge and one response, whatever becomes of Redis',
  test: async (run) => {
    const rounds = [await tryRound(run, 'none', 'calm')]
    if (hasRedis(run, 'the rounds with Redis'))
      for (const fault of ['calm', 'flushed every 100 ms', 'stopped in the middle'] as const)
        rounds.push(await tryRound(run, 'redis', fault))
    return `${CALLS_PER_KEY} parallel calls for each of ${keyCount(run)} keys, ${rounds.length} rounds: ${rounds.join('; ')}`
  },
}

const keyCount = (run: Run) => countFor(run, 200)

/** Runs one round on its own servers: all calls of a key at once, repeated until their responses are final. */
export async function tryRound(run: Run, store: StoreKind, fault: Fault): Promise<string> {
  const keys = keyCount(run)
  const servers = await startServers(run, store)
  const listings = await listItems(servers.sql, await openShops(servers.sql, 5), Array(30).fill(1_000_000))
  await recordStock(servers.sql)
  const buyers = await makePeople(servers.sql, keys)
  const api = await servers.startApi()
  for (const [index, buyer] of buyers.entries())
    for (const step of [0, 7, 11].slice(0, 1 + (index % 3)))
      await send(api.url, buyer, addToCart(listings[(index + step) % listings.length]?.id ?? 0, 1 + (index % 2)))
  const repair = inject(servers, fault)
  let calls = 0
  let done = 0
  const waiting = buyers.values()
  const lane = async () => {
    for (const buyer of waiting) {
      if (fault === 'stopped in the middle' && done >= keys / 2) await servers.redis?.kill()
      calls += await tryKey(run, api.url, buyer, fault)
      run.progress(++done, keys, `${store === 'none' ? 'without Redis' : `Redis ${fault}`}: ${calls} calls`)
    }
  }
  await Promise.all(Array.from({ length: KEYS_AT_ONCE }, lane))
  await repair()
  await untilSettled(run, servers.sql, SETTLE_WITHIN_S)
  await checkCounts(run, servers, keys)
  const granted = servers.lockless ? `, ${servers.lockless.countGranted()} locks granted` : ''
  if (servers.lockless?.countGranted() === 0) run.fail('no lock was asked for, so lockless it shows nothing')
  await api.stop()
  return `${store === 'none' ? 'without Redis' : store === 'lockless' ? 'every lock granted' : `Redis ${fault}`}${granted}`
}

/** Sends all calls of one key at once and returns their number, without retries. */
async function tryKey(run: Run, url: string, buyer: Person, fault: string): Promise<number> {
  const call = checkOut(`key-${buyer.id}`)
  const responses = await Promise.all(Array.from({ length: CALLS_PER_KEY }, () => sendUntilFinal(url, buyer, call)))
  const distinct = new Set(responses.map((response) => (response ? `${response.status} ${response.text}` : 'no response')))
  const wrong = responses.find((response: ApiResponse | null) => response?.status !== 201)
  if (wrong !== undefined) run.fail(`Redis ${fault}: a checkout answered ${describe(wrong)}`)
  if (distinct.size > 1) run.fail(`Redis ${fault}: the answers to one key are ${distinct.size} different ones`)
  return responses.length
}

function inject(servers: Servers, fault: Fault): () => Promise<void> {
  if (fault !== 'flushed every 100 ms') return async () => {}
  const timer = setInterval(() => void servers.redis?.flush().catch(() => {}), FLUSH_EVERY_MS)
  return async () => clearInterval(timer)
}

async function checkCounts(run: Run, { sql, provider }: Servers, keys: number): Promise<void> {
  const [row] = await sql<{ checkouts: number }[]>`select count(*) as checkouts from checkouts`
  if (row?.checkouts !== keys) run.fail(`${keys} keys left ${row?.checkouts} checkouts`)
  const counts = await provider.count()
  const charges = Object.values(counts.charges).reduce((sum, { count }) => sum + count, 0)
  if (charges !== keys) run.fail(`${keys} keys made ${charges} charges`)
  failAll(run, await findWrongMoney(sql, counts))
  failAll(run, await findWrongStock(sql))
}
