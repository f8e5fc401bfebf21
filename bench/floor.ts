/**
 * Compares checkout over HTTP with its floor: pgbench sends the same statements to the same database. Every buyer is signed in,
 * has three items of two shops in the cart, and checks out once with a new key.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import type { Pool } from '../src/platform/db/client.ts'
import { projectRoot } from '../src/platform/project.ts'
import { describeSpread } from '../test/support/figures.ts'
import { fillCarts, type Listing, listItems, makePeople, openShops, type Person } from '../test/support/people.ts'
import { PURCHASE } from '../test/support/purchase.ts'
import { findProgram } from '../test/support/requirements.ts'
import { type Figure, withBench } from './bench.ts'
import { putCheckouts } from './load_process.ts'

const CLIENTS = 8
const CHECKOUTS_OF_A_CLIENT = 150
const SHOPS = 240
const GOODS_OF_A_SHOP = 8

/** Returns both rates and their ratio: the median of the rounds, the least and the greatest. */
export async function benchFloor(database_url: string | undefined, round_count: number): Promise<Figure[]> {
  const pgbench = findPgbench()
  if (!pgbench) return [{ name: 'checkout, share of the floor', value: 'not measured: there is no pgbench' }]
  return withBench(database_url, { has_catalog: false }, async ({ sql, database_url: url, start }) => {
    const goods = await listItems(sql, await openShops(sql, SHOPS), Array(SHOPS * GOODS_OF_A_SHOP).fill(1_000_000))
    const api = await start({}, { role: 'api' })
    const rounds: { floor: number; http: number }[] = []
    // Round 0 warms up.
    for (let round = 0; round <= round_count; round++) {
      const floor = await runPgbench(pgbench, url, sql, await makeBuyers(sql, goods))
      const buyers = await makeBuyers(sql, goods)
      const http = await putCheckouts(
        api.url,
        buyers.map(({ token }) => token),
        CLIENTS,
      )
      // Plans from the time when the tables were empty read whole tables. After an analyze PostgreSQL plans with the real sizes.
      if (round === 0) await sql`vacuum (analyze)`
      if (round > 0) rounds.push({ floor, http: http.requests / http.duration_s })
    }
    return describe(rounds)
  })
}

/** Makes users with two items of one shop and one item of another in the cart. Each pair of shops has several buyers. */
async function makeBuyers(sql: Pool, goods: Listing[]): Promise<Person[]> {
  const buyers = await makePeople(sql, CLIENTS * CHECKOUTS_OF_A_CLIENT)
  const of = (shop: number) => goods.filter((_, place) => place % SHOPS === shop % SHOPS)
  for (let shop = 0; shop < SHOPS; shop++) {
    const some = buyers.filter((_, place) => place % SHOPS === shop)
    await fillCarts(sql, some, [...of(shop).slice(0, 2), ...of(shop + 1).slice(2, 3)])
  }
  await sql`vacuum (analyze) cart_items, sessions, users`
  return buyers
}

/** Returns checkouts a second. A token is made of the buyer's number, because a pgbench script can count but not read a file. */
async function runPgbench(pgbench: string, url: string, sql: Pool, buyers: Person[]): Promise<number> {
  const run = crypto.randomUUID().slice(0, 8)
  await sql`
    update sessions s set token_hash = sha256(convert_to(${run} || b.place::text, 'UTF8'))
    from unnest(${buyers.map(({ id }) => id)}::bigint[]) with ordinality b (id, place) where s.user_id = b.id`
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-floor-'))
  try {
    const script = join(folder, 'checkout.sql')
    writeFileSync(script, checkoutScript(run))
    const numbers = ['-D', 'i=0', '-D', `each=${CHECKOUTS_OF_A_CLIENT}`]
    const clients = ['-c', String(CLIENTS), '-j', '2', '-t', String(CHECKOUTS_OF_A_CLIENT)]
    const child = Bun.spawn([pgbench, '-n', '-M', 'prepared', ...clients, ...numbers, '-f', script, url], {
      stdin: 'ignore',
      stdout: 'pipe',
      stderr: 'pipe',
    })
    const [printed, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
    const tps = /^tps = ([\d.]+)/m.exec(printed)?.[1]
    if ((await child.exited) !== 0 || !tps) throw new Error(`pgbench: ${errors || printed}`)
    return Number(tps)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** Returns the three statements of one checkout by the API: they find the session, place the checkout, and settle it. */
function checkoutScript(run: string): string {
  const findSession = readFileSync(join(projectRoot, 'db', 'queries', 'sessions', 'find_session.sql'), 'utf8')
  const hash = `sha256(convert_to('${run}' || (:n::bigint)::text, 'UTF8'))`
  return `\\set i :i + 1
\\set n :client_id * :each + :i
${findSession.replaceAll('$1', hash).trimEnd().replace(/;?$/, '')} \\gset
select checkout_id, amount from place_checkout(
  buyer_id => :user_id::bigint, call => 'floor', lease_s => 8, idempotency_key => '${run}' || (:n::bigint)::text,
  fingerprint => sha256('x'),
  shipping_address => '${JSON.stringify(PURCHASE.shipping_address)}',
  payment_method => 'pm_card_visa', expected_total => null, request_id => 'floor', provider_available => true
) \\gset
select * from settle_checkout(
  checkout_id => :checkout_id::bigint, outcome => 'paid', provider => 'simulated', provider_reference => 'floor',
  request_id => 'floor', traceparent => '00-11111111111111111111111111111111-1111111111111111-00'
);
`
}

function describe(rounds: { floor: number; http: number }[]): Figure[] {
  const of = (side: 'floor' | 'http') => `${describeSpread(rounds.map((round) => round[side]))} a second`
  const shares = rounds.map(({ floor, http }) => (100 * http) / floor)
  return [
    { name: 'checkout, by pgbench', value: of('floor') },
    { name: 'checkout, over HTTP', value: of('http') },
    { name: 'checkout, share of the floor', value: `${describeSpread(shares)} %` },
  ]
}

/** Searches the PATH and the folder of the tests' PostgreSQL 15. */
function findPgbench(): string | null {
  const beside = join(dirname(findProgram('postgresql-15') ?? ''), 'pgbench')
  return Bun.which('pgbench') ?? (existsSync(beside) ? beside : null)
}
