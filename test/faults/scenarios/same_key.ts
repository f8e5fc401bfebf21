import { makePeople, type Person } from '../../support/people.ts'
import { checkAtEnd } from '../checks/invariants.ts'
import { addToCart, checkOut, describe, send, sendUntilFinal } from '../load/calls.ts'
import { countFor, type Run, type Scenario } from '../scenario.ts'
import { hasRedis, type Servers, type StoreKind, startServers, stockShops } from '../servers/servers.ts'

/** The failure of Redis while the calls run. */
type Fault = 'calm' | 'flushed every 100 ms' | 'stopped in the middle'

const CALLS_PER_KEY = 100
const KEYS_AT_ONCE = 2
const FLUSH_EVERY_MS = 100

export const sameKey: Scenario = {
  name: 'same_key',
  claim: 'Parallel checkouts with one key make one checkout, one charge and one response, whether or not Redis works',
  test: async (run) => {
    const rounds = [await testRound(run, 'none', 'calm')]
    if (hasRedis(run, 'the rounds with Redis'))
      for (const fault of ['calm', 'flushed every 100 ms', 'stopped in the middle'] as const)
        rounds.push(await testRound(run, 'redis', fault))
    return `${CALLS_PER_KEY} parallel calls for each of ${countFor(run, 200)} keys, ${rounds.length} rounds: ${rounds.join('; ')}`
  },
}

/** Runs one round on its own servers: all calls of a key at once, repeated until their responses are final. */
export async function testRound(run: Run, store: StoreKind, fault: Fault): Promise<string> {
  const keys = countFor(run, 200)
  const name = { none: 'without Redis', lockless: 'every lock granted', redis: `Redis ${fault}` }[store]
  const servers = await startServers(run, store)
  const { redis, lockless, sql } = servers
  const listings = await stockShops(sql, 5, Array(30).fill(1_000_000))
  const buyers = await makePeople(sql, keys)
  const api = await servers.startApi()
  for (const [index, buyer] of buyers.entries())
    for (const step of [0, 7, 11].slice(0, 1 + (index % 3)))
      await send(api.url, buyer, addToCart(listings[(index + step) % listings.length]?.id ?? 0, 1 + (index % 2)))
  const flush = () => void (fault === 'flushed every 100 ms' && redis?.flush().catch(() => {}))
  const timer = setInterval(flush, FLUSH_EVERY_MS)
  let done = 0
  const waiting = buyers.values()
  const testInTurn = async () => {
    for (const buyer of waiting) {
      if (fault === 'stopped in the middle' && done >= keys / 2) await redis?.kill()
      await testKey(run, api.url, buyer, name)
      run.progress(++done, keys, `${name}: ${done * CALLS_PER_KEY} calls`)
    }
  }
  await Promise.all(Array.from({ length: KEYS_AT_ONCE }, testInTurn))
  clearInterval(timer)
  await checkAtEnd(run, servers)
  await checkCounts(run, servers, keys)
  if (lockless?.countGranted() === 0) run.fail('no call requested a lock, so the lockless Redis tests nothing')
  return name + (lockless ? `, ${lockless.countGranted()} locks granted` : '')
}

/** Sends all calls of one key at once. */
async function testKey(run: Run, url: string, buyer: Person, name: string): Promise<void> {
  const call = checkOut(`key-${buyer.id}`)
  const responses = await Promise.all(Array.from({ length: CALLS_PER_KEY }, () => sendUntilFinal(url, buyer, call)))
  const distinct = new Set(responses.map((response) => (response ? `${response.status} ${response.text}` : 'no response')))
  const wrong = responses.find((response) => response?.status !== 201)
  if (wrong !== undefined) run.fail(`${name}: a checkout returned ${describe(wrong)}`)
  if (distinct.size > 1) run.fail(`${name}: one key has ${distinct.size} different responses`)
}

async function checkCounts(run: Run, { sql, provider }: Servers, keys: number): Promise<void> {
  const [row] = await sql<{ checkouts: number }[]>`select count(*) as checkouts from checkouts`
  if (row?.checkouts !== keys) run.fail(`${keys} keys left ${row?.checkouts} checkouts`)
  const counts = await provider.count()
  const charges = Object.values(counts.charges).reduce((sum, { count }) => sum + count, 0)
  if (charges !== keys) run.fail(`${keys} keys made ${charges} charges`)
}
