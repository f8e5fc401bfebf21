import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { openEmptyDatabase, type TestDatabase } from '../../test/support/database.ts'
import { describeSchema } from '../../test/support/schema.ts'
import { projectRoot } from '../platform/project.ts'
import { migrate, runDbmate } from './migrate.ts'

const count = readdirSync(join(projectRoot, 'db', 'migrations')).length

let db: TestDatabase
beforeAll(async () => {
  db = await openEmptyDatabase()
})
afterAll(() => db.close())

/** The schema without the table of dbmate. */
const ownSchema = async () => (await describeSchema(db.sql)).filter((line) => !/schema_migrations/.test(line))

test('up, all the way down, and up again gives the same schema; all the way down leaves nothing', async () => {
  const empty = await ownSchema()
  await runDbmate(db.url, 'up')
  const up = await ownSchema()
  expect(up.length).toBeGreaterThan(count)
  await holdTwoVariants()
  for (let n = 0; n < count; n++) await runDbmate(db.url, 'down')
  expect(await ownSchema()).toEqual(empty)
  await runDbmate(db.url, 'up')
  expect(await ownSchema()).toEqual(up)
})

/** Writes rows that are hard to roll back: buyers hold two variants of a listing, which had at most one hold before variants. */
async function holdTwoVariants(): Promise<void> {
  await db.sql.unsafe(`
    with buyers as (
      insert into users (email, password, display_name)
      select n || '@example.org', 'x', 'Ann' from generate_series(1, 2) n returning id
    ),
    shop as (insert into shops (owner_id, name) select min(id), 'Pots' from buyers returning id),
    listing as (insert into products (shop_id, title, price) select id, 'Pot', 1 from shop returning id, shop_id),
    choices as (
      insert into variants (product_id, shop_id, option_values, quantity)
      select l.id, l.shop_id, array[v], 1 from listing l, unnest('{S,M}'::text[]) v returning id, product_id
    ),
    noted as (
      insert into holds (user_id, product_id, stock_variant_id, held_until)
      select b.id, c.product_id, c.id, now() + interval '15 minutes' from buyers b, choices c
    )
    insert into cart_items (user_id, product_id, variant_id, stock_variant_id, reserved_until)
    select (select min(id) from buyers), c.product_id, c.id, c.id, now() + interval '15 minutes' from choices c`)
}

test('a database from before the first schema is not upgraded, and the error says what to do', async () => {
  const own = await openEmptyDatabase()
  try {
    await own.sql`create table schema_migrations (version varchar primary key)`
    await own.sql`insert into schema_migrations values ('20261122000050'), ('20261122000100')`
    const refused = await migrate(own.url).catch((error: Error) => error.message)
    const remedy = process.env.DATABASE_URL
      ? 'set DATABASE_URL to a new, empty database'
      : 'stop every process of this checkout and delete /'
    expect(refused).toStartWith(`This database was made by a version before the first schema and cannot be upgraded: ${remedy}`)
    expect(refused).not.toContain('\n')
    for (const command of [['src/main.ts'], ['run', 'migrate']]) {
      const ended = Bun.spawnSync([process.execPath, ...command], {
        cwd: projectRoot,
        env: { ...process.env, DATABASE_URL: own.url, PORT: '0' },
      })
      expect(ended.stderr.toString()).toContain(refused as string)
      expect(ended.exitCode).toBe(1)
    }
    expect(await own.sql`select from pg_class where relname = 'users'`).toHaveLength(0)
  } finally {
    await own.close()
  }
})

test('each month in which an order can be paid has its part of the ledger before the functions book in it', async () => {
  const own = await openEmptyDatabase()
  try {
    await runDbmate(own.url, 'up')
    const months = await own.sql<{ month: string; start: string; end: string }[]>`
      select to_char(m, 'YYYYMM') as month, to_char(m, 'YYYYMM') || '000000000' as start,
        to_char(m + interval '1 month', 'YYYYMM') || '000000000' as end
      from generate_series(date_trunc('month', now()) - interval '2 months', now() + interval '1 month', interval '1 month') m`
    for (const { month, start, end } of months)
      await own.sql.unsafe(`create table orders_${month} partition of orders for values from (${start}) to (${end})`)
    const hasLedger = async () => (await own.sql`select from pg_class where relname = 'ledger_entries'`).length > 0
    while (await hasLedger()) await runDbmate(own.url, 'down')
    await runDbmate(own.url, 'up')
    const made = await own.sql<{ parent: string; months: string[] }[]>`
      select i.inhparent::regclass::text as parent, array_agg(right(i.inhrelid::regclass::text, 6) order by 1) as months
      from pg_inherits i where i.inhparent::regclass::text = any ('{order_commissions,ledger_transactions,ledger_entries}')
      group by 1`
    const expected = months.slice(1).map(({ month }) => month)
    expect(Object.fromEntries(made.map(({ parent, months }) => [parent, months.sort()]))).toEqual({
      order_commissions: expected,
      ledger_transactions: expected,
      ledger_entries: expected,
    })
    await migrate(own.url)
    const [unique] = await own.sql`
      select count(*)::integer as keys from pg_constraint
      where contype = 'u' and conrelid::regclass::text like 'ledger\\_transactions\\_%'`
    expect(unique?.keys).toBe(14)
  } finally {
    await own.close()
  }
})

test('a deploy fails while a writer keeps the partition of this month from being made', async () => {
  const own = await openEmptyDatabase()
  try {
    await migrate(own.url)
    await own.sql.unsafe(`drop table ledger_entries_${new Date().toISOString().slice(0, 7).replace('-', '')}`)
    await own.sql.begin(async (tx) => {
      await tx`lock table products in row exclusive mode`
      const failed = await migrate(own.url).catch((error: Error) => error.message)
      expect(failed).toContain('this month has no partition of ledger_entries')
    })
    await migrate(own.url)
    expect(await own.sql`select parent from list_missing_partitions(0)`).toHaveLength(0)
  } finally {
    await own.close()
  }
})

test('concurrent migrations succeed, and a second migration changes nothing', async () => {
  await Promise.all([migrate(db.url), migrate(db.url), migrate(db.url)])
  const before = await describeSchema(db.sql)
  await migrate(db.url)
  expect(await describeSchema(db.sql)).toEqual(before)
  const [row] = await db.sql<{ applied: number }[]>`select count(*)::integer as applied from schema_migrations`
  expect(row?.applied).toBe(count)
})

test('a rollback as in RUNBOOK drops functions and undoes a migration; the next migrate restores both', async () => {
  const before = await describeSchema(db.sql)
  await db.sql`drop function free_slug(text, bigint)`
  await runDbmate(db.url, 'down')
  const command = Bun.spawnSync([process.execPath, 'run', 'migrate'], {
    cwd: projectRoot,
    env: { ...process.env, DATABASE_URL: db.url },
  })
  const said = command.stdout.toString()
  expect(said).toContain('Applied 1 migrations: ')
  expect(said).toContain('Not as it was deployed, and made again: free_slug(text,bigint)\n')
  expect(said).toMatch(/Deployed \d+ functions\./)
  expect(await describeSchema(db.sql)).toEqual(before)
})

test('a login without superuser rights that owns the database can migrate it', async () => {
  const login = `stallwright_login_${crypto.randomUUID().slice(0, 8)}`
  const own = await openEmptyDatabase()
  const [row] = await own.sql<{ name: string }[]>`select current_database() as name`
  await own.sql.unsafe(`create role ${login} login password 'a password'`)
  try {
    await own.sql.unsafe(`alter database ${row?.name} owner to ${login}`)
    const url = Object.assign(new URL(own.url), { username: login, password: 'a password' })
    await migrate(url.href)
    const [deployed] = await own.sql`select count(*)::integer as count from deployed_functions`
    expect(deployed?.count).toBeGreaterThan(100)
  } finally {
    await own.close()
    await db.sql.unsafe(`drop role ${login}`)
  }
})

test('the error of a migration names the migration and the reason', async () => {
  await db.sql`delete from schema_migrations where version = (select min(version) from schema_migrations)`
  const failed = await runDbmate(db.url, 'up').catch((error: Error) => error.message)
  expect(failed).toStartWith('Migrating failed: ')
})
