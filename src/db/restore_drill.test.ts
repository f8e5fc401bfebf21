/** docs/RUNBOOK.md, "Restore": backups of a database that is being bought from, the loss of the server, and what comes back. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../project.ts'
import { addToCart, checkOut, describe, send } from '../prove/stage/calls.ts'
import { countWrongTrails, findWrongStock, recordStock } from '../prove/stage/invariants.ts'
import { type Listing, listItems, makePeople, openStalls, type Person } from '../prove/stage/people.ts'
import { requires } from '../test/requirements.ts'
import { spawnApi } from '../test/server.ts'
import { makePostgresFolder, openPostgres15, type Postgres15, runPostgres15 } from '../test/stores/postgres_15.ts'
import { openPool, type Pool } from './client.ts'
import { migrate } from './migrate.ts'

const TIMEOUT_MS = 180_000
const SHOPPERS = 4
const STOCK_EQUATION = readFileSync(join(projectRoot, 'db', 'ops', 'stock_equation.sql'), 'utf8')

/** What is left of the server that was lost: its archive, its backups, and what was written down beside. */
let kept: { folder: string; archive: string; base: string; dump: string }
let answered: number[]
let equation_at_the_end: string
let listings: Listing[]
let people: Person[]

const openOwnPool = (url: string) => openPool(url, { max: 4, name: 'restore drill', statement_timeout_ms: 0 })
const equationOf = async (sql: Pool) => JSON.stringify([...(await sql.unsafe(STOCK_EQUATION))])

if (requires('postgresql-15')) {
  beforeAll(loseServerUnderLoad, TIMEOUT_MS)
  afterAll(() => rmSync(kept.folder, { recursive: true, force: true }))

  test(
    'the base backup and the archived log bring back every order that was answered, and the stock to the piece',
    async () => {
      writeFileSync(join(kept.base, 'recovery.signal'), '')
      const settings = { restore_command: `cp ${kept.archive}/%f %p` }
      const server = await openPostgres15({ backup: kept.base, settings })
      const sql = openOwnPool(server.url)
      try {
        await untilPromoted(sql)
        expect(await equationOf(sql)).toBe(equation_at_the_end)
        const paid = await sql<{ id: number }[]>`select id from checkouts where status = 'paid' order by id`
        expect(paid.map(({ id }) => id)).toEqual(answered)
        await expectSound(sql, server)
      } finally {
        await sql.end()
        await server.stop()
      }
    },
    TIMEOUT_MS,
  )

  test(
    'the dump brings back one moment of the middle, whole',
    async () => {
      const server = await openPostgres15()
      const sql = openOwnPool(server.url)
      try {
        await runPostgres15('pg_restore', '--exit-on-error', '--no-owner', `--dbname=${server.url}`, kept.dump)
        const [row] = await sql<{ count: number }[]>`select count(*)::integer as count from checkouts where status = 'paid'`
        expect(row?.count).toBeWithin(1, answered.length)
        await expectSound(sql, server)
      } finally {
        await sql.end()
        await server.stop()
      }
    },
    TIMEOUT_MS,
  )
}

/** Backups are taken while people buy; then all are through, the last of the log is archived, and the server is gone. */
async function loseServerUnderLoad(): Promise<void> {
  const folder = makePostgresFolder()
  kept = { folder, archive: makePostgresFolder(), base: makePostgresFolder(), dump: join(folder, 'shop.dump') }
  const server = await openPostgres15({ settings: { archive_mode: 'on', archive_command: `cp %p ${kept.archive}/%f` } })
  await migrate(server.url)
  const sql = openOwnPool(server.url)
  listings = await listItems(sql, await openStalls(sql, 3), Array(9).fill(100_000))
  people = await makePeople(sql, SHOPPERS)
  await recordStock(sql)
  const shopping = await startShopping(server)
  await shopping.until(SHOPPERS)
  await runPostgres15('pg_basebackup', '--pgdata', kept.base, '--checkpoint', 'fast', '--dbname', server.url)
  await shopping.until(2 * SHOPPERS)
  await runPostgres15('pg_dump', '--format=custom', '--file', kept.dump, server.url)
  await shopping.until(4 * SHOPPERS)
  answered = await shopping.close()
  equation_at_the_end = await equationOf(sql)
  await untilArchived(sql)
  await sql.end()
  await server.stop()
}

/** Shoppers who buy until they are stopped: `until` waits for so many more checkouts that were answered 201. */
async function startShopping(server: Postgres15) {
  const api = await spawnApi({ DATABASE_URL: server.url })
  const ids: number[] = []
  let open = true
  const shop = async (person: Person, shopper: number) => {
    for (let round = 0; open; round++) ids.push(await buy(api.url, person, round + shopper, `drill-${shopper}-${round}`))
  }
  const all = Promise.all(people.map(shop))
  const until = async (more: number) => {
    const enough = ids.length + more
    while (ids.length < enough) await Promise.race([Bun.sleep(5), all])
  }
  const close = async () => {
    open = false
    await all
    await api.end('SIGTERM')
    return ids.sort((a, b) => a - b)
  }
  return { until, close }
}

/** Two items of two shops, paid; answers the checkout's id. */
async function buy(url: string, person: Person, turn: number, key: string): Promise<number> {
  for (const offset of [0, 1]) await send(url, person, addToCart((listings[(turn + offset) % listings.length] as Listing).id))
  const paid = await send(url, person, checkOut(key))
  if (paid?.status !== 201) throw new Error(`a checkout was answered ${describe(paid)}`)
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

/** Stock is what the beginning had less what was sold, each order is what its trail says, and the service sells on. */
async function expectSound(sql: Pool, server: Postgres15): Promise<void> {
  expect(await findWrongStock(sql)).toEqual([])
  expect(await countWrongTrails(sql)).toBe(0)
  const api = await spawnApi({ DATABASE_URL: server.url })
  try {
    expect(await buy(api.url, people[0] as Person, 0, 'after-the-restore')).toBeGreaterThan(0)
    expect(await findWrongStock(sql)).toEqual([])
  } finally {
    await api.end('SIGTERM')
  }
}
