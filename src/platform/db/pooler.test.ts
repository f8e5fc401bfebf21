/**
 * docs/SCALING.md, "PgBouncer": the service refuses the wrong settings, and works behind the PgBouncer that the page describes.
 */
import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { addToCart, checkOut, send } from '../../../test/faults/load/calls.ts'
import { createRoles, roleUrl } from '../../../test/support/database_roles.ts'
import { type Listing, listItems, makePeople, openShops, type Person } from '../../../test/support/people.ts'
import { type Pgbouncer, startPgbouncer } from '../../../test/support/pgbouncer.ts'
import { requires } from '../../../test/support/requirements.ts'
import { writeReshaped } from '../../../test/support/reshaped_functions.ts'
import { spawnApi } from '../../../test/support/server.ts'
import { findWrongStock, recordStock } from '../../../test/support/stock.ts'
import { openPostgres15, type Postgres15 } from '../../../test/support/stores/postgres_15.ts'
import { deployFunctions, FUNCTIONS } from '../../deploy/deploy_functions.ts'
import { migrate } from '../../deploy/migrate.ts'
import { projectRoot } from '../project.ts'
import { openPool, type Pool } from './client.ts'

const TIMEOUT_MS = 120_000
const SHOPPERS = 6
const ROUNDS = 4

let server: Postgres15
let sql: Pool

if (requires('postgresql-15') && requires('pgbouncer')) {
  beforeAll(async () => {
    server = await openPostgres15()
    sql = openPool(server.url, { max: 2, name: 'pooler', statement_timeout_ms: 0 })
    await createRoles(sql)
    await migrate(roleUrl(server.url, 'migrator'))
  }, TIMEOUT_MS)
  afterAll(async () => {
    await sql.end()
    await server.stop()
  })

  // An older PgBouncer does not have this setting.
  const forgetful = { max_prepared_statements: requires('pgbouncer-1.21') ? '0' : null }

  test.each(['api', 'worker'] as const)('%s: rejects a pooler that forgets prepared statements', async (role) => {
    await behind(forgetful, async ({ url }) => {
      expect(await startInVain(role, { DATABASE_URL: roleUrl(url, role) })).toBe(
        'The pooler of DATABASE_URL forgets prepared statements between transactions: PgBouncer has to be 1.21 or newer, ' +
          'with max_prepared_statements above 0 (docs/SCALING.md).\n',
      )
    })
  })

  test('rejects it in whatever order it lends connections, and names the variable', async () => {
    await behind({ ...forgetful, server_round_robin: '1' }, async ({ url }) => {
      const direct = roleUrl(server.url, 'api')
      for (const name of ['AUTH_DATABASE_URL', 'READ_DATABASE_URL']) {
        const variables = { DATABASE_URL: direct, [name]: roleUrl(url, 'api') }
        expect(await startInVain('api', variables)).toStartWith(`The pooler of ${name} forgets prepared statements`)
      }
    })
  })

  test('names the setting that a pooler rejects, and docs/SCALING.md lists all of them', async () => {
    await behind(
      { ignore_startup_parameters: 'statement_timeout,lock_timeout,idle_in_transaction_session_timeout,jit' },
      async ({ url }) => {
        expect(await startInVain('api', { DATABASE_URL: roleUrl(url, 'api') })).toBe(
          'The pooler of DATABASE_URL rejects a connection: "unsupported startup parameter: synchronous_commit". Set its ignore_startup_parameters as in docs/SCALING.md.\n',
        )
      },
    )
  })

  test('rejects migrations behind a pooler', async () => {
    await behind({}, async ({ url }) => {
      await expect(migrate(roleUrl(url, 'migrator'))).rejects.toThrow('Migrations need a session of their own')
    })
  })

  test('the roles have the settings that the pooler ignores', async () => {
    await behind({}, async ({ url }) => {
      for (const role of ['api', 'auth'] as const) {
        expect(await settingsOf(roleUrl(url, role))).toEqual(await settingsOf(roleUrl(server.url, role)))
      }
      expect(await settingsOf(roleUrl(url, 'worker'))).toMatchObject({ jit: 'off', statement_timeout: '1h' })
    })
  })
}

/** Calls `run` with a PgBouncer in front of the server. */
async function behind(settings: Record<string, string | null>, run: (pooler: Pgbouncer) => Promise<void>): Promise<void> {
  const pooler = await startPgbouncer(server.url, settings)
  try {
    await run(pooler)
  } finally {
    await pooler.stop()
  }
}

/** Returns the output of a process that does not start. */
async function startInVain(role: string, variables: Record<string, string>): Promise<string> {
  const child = Bun.spawn([process.execPath, join(projectRoot, 'src', 'main.ts'), role], {
    cwd: projectRoot,
    env: { ...process.env, PORT: '0', ELASTICSEARCH_URL: '', ...variables },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const said = await new Response(child.stderr).text()
  expect(await child.exited).toBe(1)
  return said
}

/** Returns the settings on a connection of the API's pool. src/service.ts requests 2200 ms. */
async function settingsOf(url: string): Promise<Record<string, string>> {
  const pool = openPool(url, { max: 1, name: 'settings', statement_timeout_ms: 2200, has_arrays: false })
  const rows = await pool
    .unsafe(`
      select name, current_setting(name) as value from pg_settings
      where name in ('statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout', 'jit', 'TimeZone')`)
    .simple()
  await pool.end()
  return Object.fromEntries(rows.map(({ name, value }) => [name, value]))
}

if (requires('postgresql-15') && requires('pgbouncer-1.21')) {
  describe('behind a PgBouncer that keeps prepared statements', () => {
    const folder = mkdtempSync(join(tmpdir(), 'stallwright-functions-'))
    afterAll(() => rmSync(folder, { recursive: true }))

    test(
      'shops sell, deploys that add and remove a column break no call, and the stock is right',
      async () => {
        const listings = await listItems(sql, await openShops(sql, 3), Array(9).fill(100_000))
        const people = await makePeople(sql, SHOPPERS)
        await recordStock(sql)
        // There are fewer connections than clients, so each statement gets a connection that does not have it.
        await behind({ default_pool_size: '4' }, async ({ url }) => {
          const variables = { DATABASE_URL: roleUrl(url, 'api'), AUTH_DATABASE_URL: roleUrl(url, 'auth') }
          const api = await spawnApi(variables, 'api')
          const worker = await spawnApi({ DATABASE_URL: roleUrl(url, 'worker') }, 'worker')
          try {
            expect(await shop(api.url, people, listings, 'before')).toEqual([])
            await writeReshaped(sql, ['search_products', 'place_checkout', 'reserve_item'], folder)
            for (const functions of [folder, FUNCTIONS]) {
              await deployFunctions(sql, functions)
              expect(await shop(api.url, people, listings, functions === folder ? 'there' : 'back')).toEqual([])
            }
            expect(await findWrongStock(sql)).toEqual([])
            await untilSellersKnow()
          } finally {
            await api.stop()
            await worker.stop()
          }
        })
      },
      TIMEOUT_MS,
    )
  })
}

/** All people search, fill a cart and buy at once. Returns the unexpected responses. */
async function shop(url: string, people: Person[], listings: Listing[], when: string): Promise<string[]> {
  const faults: string[] = []
  const one = async (person: Person, place: number) => {
    for (let round = 0; round < ROUNDS; round++) {
      const { id } = listings[(place + round) % listings.length] as Listing
      const key = `${when}-${place}-${round}`
      const search = { method: 'GET', path: `/v1/search?q=listing&limit=${round + 1}` }
      for (const call of [search, addToCart(id, 1, `cart-${key}`), checkOut(key)]) {
        const answer = await send(url, person, call)
        if (!answer || answer.status >= 300) faults.push(`${call.method} ${call.path}: ${answer?.status} ${answer?.text}`)
      }
    }
  }
  await Promise.all(people.map(one))
  return faults
}

async function untilSellersKnow(): Promise<void> {
  for (;;) {
    const open = await sql`select from pgboss.job where name = 'send_mails' and state <> 'completed' limit 1`
    if (open.length === 0) return
    await Bun.sleep(50)
  }
}
