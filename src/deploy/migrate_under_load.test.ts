import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ApiResponse, addToCart, type Call, checkOut, describe, send } from '../../test/faults/load/calls.ts'
import type { ApiProcess } from '../../test/support/api_process.ts'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { type Listing, listItems, makePeople, openShops, type Person } from '../../test/support/people.ts'
import { spawnApi } from '../../test/support/server.ts'
import { migrate, runDbmate, runPatiently } from './migrate.ts'

/**
 * A step that changes the busiest tables in the form that db/README.md requires: one busy table per file, expand, then validate.
 */
const STEP = {
  '20991231000000_products__gift__add.sql': `-- migrate:up
set local lock_timeout = '2s';
alter table products add column is_giftable boolean not null default true;
-- migrate:down
set local lock_timeout = '2s';
alter table products drop column is_giftable;
`,
  '20991231000001_cart_items__gift__add.sql': `-- migrate:up
set local lock_timeout = '2s';
alter table cart_items add column is_wrapped boolean not null default false;
-- migrate:down
set local lock_timeout = '2s';
alter table cart_items drop column is_wrapped;
`,
  '20991231000002_orders__gift__add.sql': `-- migrate:up
set local lock_timeout = '2s';
alter table orders add column gift_note text,
  add constraint orders_gift_note_has_a_sane_length check (char_length(gift_note) between 1 and 500) not valid;
-- migrate:down
set local lock_timeout = '2s';
alter table orders drop column gift_note;
`,
  '20991231000003_orders__gift__validate.sql': `-- migrate:up
set local lock_timeout = '2s';
alter table orders validate constraint orders_gift_note_has_a_sane_length;
create index orders_gift_note_idx on orders (id) where gift_note is not null;
-- migrate:down
set local lock_timeout = '2s';
drop index orders_gift_note_idx;
`,
}

const SHOPPERS = 4
const TIMEOUT_MS = 120_000

let db: TestDatabase
let api: ApiProcess
let listings: Listing[]
let people: Person[]
const folder = mkdtempSync(join(tmpdir(), 'stallwright-migrations-'))
for (const [name, text] of Object.entries(STEP)) writeFileSync(join(folder, name), text)

beforeAll(async () => {
  db = await openTestDatabase()
  listings = await listItems(db.sql, await openShops(db.sql, 2), Array(6).fill(1_000_000))
  people = await makePeople(db.sql, SHOPPERS)
  api = await spawnApi({ DATABASE_URL: db.url })
}, TIMEOUT_MS)
afterAll(async () => {
  await api.stop()
  await db.close()
  rmSync(folder, { recursive: true })
})

/** Starts shoppers who buy until `stop`. `round` waits until each of them has bought once more. */
function startShopping() {
  const answers: (ApiResponse | null)[] = []
  const rounds = people.map(() => 0)
  let open = true
  const shop = async (person: Person, shopper: number) => {
    while (open) {
      const { id } = listings[(rounds[shopper] as number) % listings.length] as Listing
      for (const call of basketOf(id, `load-${shopper}-${rounds[shopper]}`)) answers.push(await send(api.url, person, call))
      rounds[shopper] = (rounds[shopper] as number) + 1
    }
  }
  const all = Promise.all(people.map(shop))
  const round = async () => {
    const before = [...rounds]
    // The current purchase began before this call. The one after it did not.
    while (rounds.some((count, shopper) => count < (before[shopper] as number) + 2)) await Bun.sleep(5)
  }
  const close = async () => {
    open = false
    await all
    return answers
  }
  return { round, close }
}

/** Returns the calls of a shopper that touch the tables that the step changes. */
function basketOf(product_id: number, key: string): Call[] {
  return [
    { method: 'GET', path: `/v1/products/${product_id}` },
    addToCart(product_id),
    { method: 'GET', path: '/v1/cart' },
    checkOut(key),
    { method: 'GET', path: '/v1/orders?limit=5' },
    { method: 'GET', path: '/v1/search?q=listing' },
  ]
}

test(
  'a migration, its rollback and deploys while people buy: every response is as usual',
  async () => {
    const shopping = startShopping()
    await shopping.round()
    await runPatiently(db.url, '--migrations-dir', folder, 'up')
    await shopping.round()
    await db.sql`update deployed_functions set checksum = 'another'`
    await migrate(db.url)
    await shopping.round()
    for (const _ of Object.keys(STEP)) await runPatiently(db.url, '--migrations-dir', folder, 'down')
    await shopping.round()
    const answers = await shopping.close()
    expect(answers.filter((answer) => ![200, 201].includes(answer?.status ?? 0)).map(describe)).toEqual([])
    const [bought] = await db.sql`select count(*)::integer as orders from orders where status = 'paid'`
    expect(bought?.orders).toBe(answers.length / basketOf(0, '').length)
  },
  TIMEOUT_MS,
)

test('a migration behind a long reader fails after its lock_timeout and changes nothing', async () => {
  const failed = await db.sql.begin(async (tx) => {
    await tx`select count(*) from products`
    return await runDbmate(db.url, '--migrations-dir', folder, 'up').catch((error: Error) => error.message)
  })
  expect(failed).toContain('lock timeout')
  const columns =
    await db.sql`select from information_schema.columns where column_name in ('is_giftable', 'gift_note', 'is_wrapped')`
  expect(columns.length).toBe(0)
})

test('a deploy that hits a lock tries again, and succeeds after the lock is released', async () => {
  const { release, done } = await holdProducts()
  const up = runPatiently(db.url, '--migrations-dir', folder, 'up')
  const tries = new Set<number>()
  while (tries.size < 2) {
    const rows = await db.sql`
      select pid from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock' and query like '%is_giftable%'`
    for (const { pid } of rows) tries.add(pid)
  }
  release()
  await done
  expect(await up).toContain('Applied: 20991231000003')
  for (const _ of Object.keys(STEP)) await runPatiently(db.url, '--migrations-dir', folder, 'down')
})

/** Starts a reader that keeps its transaction open until it is released. */
async function holdProducts(): Promise<{ release: () => void; done: Promise<unknown> }> {
  const held = Promise.withResolvers<void>()
  const { promise, resolve: release } = Promise.withResolvers<void>()
  const done = db.sql.begin(async (tx) => {
    await tx`set local idle_in_transaction_session_timeout = 0`
    await tx`select count(*) from products`
    held.resolve()
    await promise
  })
  await held.promise
  return { release, done }
}
