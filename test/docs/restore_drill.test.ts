/** Follows docs/RUNBOOK.md, "Back up" and "Restore", with the roles: backups under load, and restores after a loss. */
import { afterAll, beforeAll, expect, setDefaultTimeout, test } from 'bun:test'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { openPool, type Pool } from '../../src/platform/db/client.ts'
import { projectRoot } from '../../src/platform/project.ts'
import { countWrongTrails } from '../faults/checks/invariants.ts'
import { addToCart, checkOut, describe, send } from '../faults/load/calls.ts'
import { createRoles, roleUrl } from '../support/database_roles.ts'
import { type Listing, listItems, makePeople, openShops, type Person } from '../support/people.ts'
import { requires } from '../support/requirements.ts'
import { blocksOf, follow } from '../support/runbook.ts'
import { spawnApi } from '../support/server.ts'
import { findWrongStock, recordStock } from '../support/stock.ts'
import { makePostgresFolder, openPostgres15, type Postgres15 } from '../support/stores/postgres_15.ts'

setDefaultTimeout(180_000)
const SHOPPERS = 4
const STOCK_EQUATION = readFileSync(join(projectRoot, 'db', 'ops', 'stock_equation.sql'), 'utf8')

/** The archive and the backups of the lost server. */
let kept: { archive: string; backups: string }
let answered: number[]
let equation_at_the_end: string
let listings: Listing[]
let people: Person[]

const openOwnPool = (url: string) => openPool(url, { max: 4, name: 'restore drill', statement_timeout_ms: 0 })
const equationOf = async (sql: Pool) => JSON.stringify([...(await sql.unsafe(STOCK_EQUATION))])

if (requires('postgresql-15')) {
  beforeAll(loseServerUnderLoad)
  afterAll(() => {
    for (const folder of Object.values(kept)) rmSync(folder, { recursive: true, force: true })
  })

  test('the base backup and the archived log restore every confirmed order, and the exact stock', async () => {
    const base = join(kept.backups, 'base')
    writeFileSync(join(base, 'recovery.signal'), '')
    const settings = { restore_command: `cp ${kept.archive}/%f %p` }
    const server = await openPostgres15({ backup: base, settings })
    const sql = openOwnPool(server.url)
    try {
      await untilPromoted(sql)
      expect(await equationOf(sql)).toBe(equation_at_the_end)
      const paid = await sql<{ id: number }[]>`select id from checkouts where status = 'paid' order by id`
      expect(paid.map(({ id }) => id)).toEqual(answered)
      await follow('bun run migrate', { variables: variablesFor(server) })
      await expectSound(sql, server)
    } finally {
      await sql.end()
      await server.stop()
    }
  })

  test('the dump restores one consistent moment', async () => {
    const server = await openPostgres15()
    const sql = openOwnPool(server.url)
    try {
      const [restore = ''] = blocksOf('Restore', 'sh')
      await follow(`${restore}\nbun run migrate`, { variables: variablesFor(server) })
      const [row] = await sql<{ count: number }[]>`select count(*)::integer as count from checkouts where status = 'paid'`
      expect(row?.count).toBeWithin(1, answered.length)
      await expectSound(sql, server)
    } finally {
      await sql.end()
      await server.stop()
    }
  })
}

const variablesFor = ({ url }: Postgres15) => ({
  SUPERUSER_URL: url,
  MIGRATOR_URL: roleUrl(url, 'migrator'),
  DATABASE_URL: roleUrl(url, 'migrator'),
  BACKUP_URL: roleUrl(url, 'backup'),
  BACKUPS: kept.backups,
})

/** Takes the backups under load. Then ends the load, archives the last of the log, and deletes the server. */
async function loseServerUnderLoad(): Promise<void> {
  kept = { archive: makePostgresFolder(), backups: makePostgresFolder() }
  const server = await openPostgres15({ settings: { archive_mode: 'on', archive_command: `cp %p ${kept.archive}/%f` } })
  const sql = openOwnPool(server.url)
  try {
    await createRoles(sql)
    await sql`create extension pg_stat_statements`
    await follow('bun run migrate', { variables: variablesFor(server) })
    listings = await listItems(sql, await openShops(sql, 3), Array(9).fill(100_000))
    people = await makePeople(sql, SHOPPERS)
    await recordStock(sql)
    answered = await shopWhile(server, async () => {
      const [back_up = ''] = blocksOf('Back up', 'sh')
      await follow(back_up, { variables: variablesFor(server), is_for_server: true })
    })
    equation_at_the_end = await equationOf(sql)
    await untilArchived(sql)
  } finally {
    await sql.end()
    await server.stop()
  }
}

/** Shoppers buy before, during and after `run`. Returns the ids of their checkouts with a 201 response. */
async function shopWhile(server: Postgres15, run: () => Promise<void>): Promise<number[]> {
  const api = await spawnShop(server)
  const ids: number[] = []
  let open = true
  const shop = async (person: Person, shopper: number) => {
    for (let round = 0; open; round++) ids.push(await buy(api.url, person, round + shopper, `drill-${shopper}-${round}`))
  }
  const all = Promise.all(people.map(shop))
  const untilMore = async (more: number) => {
    const enough = ids.length + more
    while (ids.length < enough) await Promise.race([Bun.sleep(5), all])
  }
  try {
    await untilMore(SHOPPERS)
    await run()
    await untilMore(2 * SHOPPERS)
  } finally {
    open = false
    await all
    await api.stop()
  }
  return ids.sort((a, b) => a - b)
}

const spawnShop = ({ url }: Postgres15) =>
  spawnApi({ DATABASE_URL: roleUrl(url, 'api'), AUTH_DATABASE_URL: roleUrl(url, 'auth') }, 'api')

/** Buys two items of two shops. Returns the id of the checkout. */
async function buy(url: string, person: Person, turn: number, key: string): Promise<number> {
  for (const offset of [0, 1]) await send(url, person, addToCart((listings[(turn + offset) % listings.length] as Listing).id))
  const paid = await send(url, person, checkOut(key))
  if (paid?.status !== 201) throw new Error(`the response to a checkout was ${describe(paid)}`)
  return JSON.parse(paid.text).checkout_id
}

async function untilArchived(sql: Pool): Promise<void> {
  const [last] = await sql<{ file: string }[]>`select pg_walfile_name(pg_switch_wal()) as file`
  for (;;) {
    const [row] = await sql`select last_archived_wal >= ${last?.file ?? ''} as is_there from pg_stat_archiver`
    if (row?.is_there) return
    await Bun.sleep(20)
  }
}

async function untilPromoted(sql: Pool): Promise<void> {
  for (;;) {
    const [row] = await sql`select pg_is_in_recovery() as is_recovering`
    if (!row?.is_recovering) return
    await Bun.sleep(20)
  }
}

/** Asserts that the stock equation holds, the data is consistent, and the service sells again. */
async function expectSound(sql: Pool, server: Postgres15): Promise<void> {
  expect(await findWrongStock(sql)).toEqual([])
  expect(await countWrongTrails(sql)).toBe(0)
  const migrator = openOwnPool(roleUrl(server.url, 'migrator'))
  const [contradictions = ''] = blocksOf('Is it whole?', 'sql')
  for (const question of contradictions.split(/;\n/).filter(Boolean)) expect([...(await migrator.unsafe(question))]).toEqual([])
  const [move_numbers = ''] = blocksOf('Restore', 'sql')
  await migrator.unsafe(move_numbers).simple()
  await migrator.end()
  const worker = await spawnApi({ DATABASE_URL: roleUrl(server.url, 'worker') }, 'worker')
  const api = await spawnShop(server)
  try {
    expect(await buy(api.url, people[0] as Person, 0, 'after-the-restore')).toBeGreaterThan(Math.max(...answered))
    expect(await findWrongStock(sql)).toEqual([])
    await untilSellersKnow(sql)
  } finally {
    await api.stop()
    await worker.stop()
  }
}

/** Waits until the jobs of all sales have run, also those of the backup. */
async function untilSellersKnow(sql: Pool): Promise<void> {
  for (;;) {
    const open = await sql`select from pgboss.job where name = 'send_mails' and state <> 'completed' limit 1`
    if (open.length === 0) return
    await Bun.sleep(50)
  }
}
