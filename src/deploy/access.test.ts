import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Glob } from 'bun'
import { expectStatus } from '../../test/support/api.ts'
import type { ApiProcess } from '../../test/support/api_process.ts'
import { type Api, openApi } from '../../test/support/client.ts'
import { openEmptyDatabase, openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { createRoles, dropRoles, type Role, roles } from '../../test/support/database_roles.ts'
import { ADDRESS } from '../../test/support/purchase.ts'
import type { Cart, Category, Checkout, Product, Session, Shop } from '../../test/support/responses.ts'
import { spawnApi } from '../../test/support/server.ts'
import { freeShipping } from '../../test/support/shopper.ts'
import { openPool, type Pool } from '../platform/db/client.ts'
import { projectRoot } from '../platform/project.ts'
import { grantAccess } from './grant_access.ts'
import { migrate } from './migrate.ts'

const PASSWORD = crypto.randomUUID()

/** Functions that operators run by hand, as the migrator. */
const OF_COMMANDS = [
  ...['add_synonyms', 'import_products', 'load_synonyms', 'prepare_import', 'reindex_products', 'remove_synonyms'],
  ...['send_manual_payouts', 'settle_manual_payout'],
]

/** Functions that read or set passwords or create sessions, for the login of AUTH_DATABASE_URL. */
const CREDENTIALS = [
  'begin_second_factor',
  'change_password',
  'confirm_second_factor',
  'find_credentials',
  'find_token_owner',
  'register_user',
  'remove_second_factor',
  'request_email_change',
  'request_erasure',
  'reset_password',
  'show_own_credentials',
  'start_guest_session',
  'start_session',
]

const readAll = (pattern: string): string[] =>
  [...new Glob(pattern).scanSync(projectRoot)].map((name) => readFileSync(join(projectRoot, name), 'utf8'))

let db: TestDatabase
const logins = new Map<Role, Pool>()
const urls = new Map<Role, string>()
const as = (role: Role): Pool => logins.get(role) as Pool
const refused = (role: Role, statement: string) => expect(as(role).unsafe(statement)).rejects.toMatchObject({ code: '42501' })

// A database that was made without roles is handed over. The migrator's login then migrates it.
beforeAll(async () => {
  db = await openTestDatabase()
  await createRoles(db.sql)
  for (const role of roles) {
    if (role === 'owner') continue
    await db.sql.unsafe(`alter role stallwright_${role} password '${PASSWORD}'`)
    const url = new URL(db.url)
    url.username = `stallwright_${role}`
    url.password = PASSWORD
    urls.set(role, url.href)
    logins.set(role, openPool(url.href, { max: 2, name: `access ${role}`, statement_timeout_ms: 30_000 }))
  }
  await migrate(urls.get('migrator') ?? '')
}, 120_000)

afterAll(async () => {
  for (const pool of logins.values()) await pool.end({ timeout: 2 })
  await db.close()
  await dropRoles(db.url)
})

describe('the roles of an installation', () => {
  test('the owner owns every object and cannot log in', async () => {
    const [strangers] = await db.sql`
      select (select count(*) from pg_class c where c.relnamespace in ('public'::regnamespace, 'pgboss'::regnamespace)
          and c.relowner <> 'stallwright_owner'::regrole and c.relkind in ('r', 'p')
           and c.relname not like 'pg\\_stat%')::integer as tables,
        (select count(*) from pg_proc p where p.pronamespace = 'public'::regnamespace
           and p.proowner <> 'stallwright_owner'::regrole
          and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e'))::integer as functions,
        (select rolcanlogin from pg_roles where rolname = 'stallwright_owner') as logs_in`
    expect(strangers).toEqual({ tables: 0, functions: 0, logs_in: false })
  })

  test('a migration acts as the owner, and a second one changes nothing', async () => {
    expect(await as('migrator')`select current_user::text as name`).toMatchObject([{ name: 'stallwright_owner' }])
    const rights = () => db.sql`
      select md5(string_agg(c.oid || coalesce(c.relacl::text, '') || c.xmin::text, ',' order by c.oid)) as tables,
        (select md5(string_agg(p.oid || coalesce(p.proacl::text, '') || p.xmin::text, ',' order by p.oid))
         from pg_proc p) as functions
      from pg_class c where c.relnamespace = 'public'::regnamespace and c.relkind = 'r'`
    const before = await rights()
    await migrate(urls.get('migrator') ?? '')
    expect(await rights()).toEqual(before)
  }, 60_000)

  test('a new database has the same rights after its first migration', async () => {
    const rights = (sql: Pool) => sql`
      select p.oid::regprocedure::text as name, array_to_string(p.proacl, ' ') as rights from pg_proc p
      where p.pronamespace = 'public'::regnamespace and p.prosecdef order by 1`
    const fresh = await openEmptyDatabase()
    try {
      await createRoles(fresh.sql)
      const url = Object.assign(new URL(fresh.url), { username: 'stallwright_migrator', password: PASSWORD })
      await migrate(url.href)
      expect([...(await rights(fresh.sql))]).toEqual([...(await rights(db.sql))])
    } finally {
      await fresh.close()
    }
  }, 60_000)

  test("only the owner and named roles can run functions with the owner's rights", async () => {
    const [open] = await db.sql`
      select count(*)::integer as count from pg_proc p
      where p.pronamespace = 'public'::regnamespace and p.prosecdef
        and has_function_privilege('public', p.oid, 'execute')`
    expect(open?.count).toBe(0)
    const [readers] = await db.sql`
      select count(*)::integer as count from pg_proc p
      where p.pronamespace = 'public'::regnamespace and p.prosecdef
        and has_function_privilege('stallwright_readonly', p.oid, 'execute')
        and p.proname not in ('show_job', 'find_wrong_ledger', 'find_wrong_shares')`
    expect(readers?.count).toBe(0)
  })

  test('api, auth and worker can run what the service calls, and no other function that writes', async () => {
    const namesIn = (files: string, call: RegExp) =>
      readAll(files).flatMap((text) => [...text.matchAll(call)].map((match) => match[1]))
    const called = new Set([
      ...namesIn('src/**/!(*.test).ts', /\broutine\(\s*'(\w+)'/g),
      ...namesIn('db/queries/**/*.sql', /\b(\w+)\(/g),
    ])
    const granted = await db.sql<{ name: string; api: boolean; auth: boolean; worker: boolean }[]>`
      select p.proname::text as name, has_function_privilege('stallwright_api', p.oid, 'execute') as api,
        has_function_privilege('stallwright_auth', p.oid, 'execute') as auth,
        has_function_privilege('stallwright_worker', p.oid, 'execute') as worker
      from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef and p.prorettype <> 'trigger'::regtype`
    const names = granted.filter(({ api, auth, worker }) => api || auth || worker).map(({ name }) => name)
    const needed = granted.map(({ name }) => name).filter((name) => called.has(name) && !OF_COMMANDS.includes(name))
    expect(names.toSorted()).toEqual(needed.toSorted())
    expect(granted.filter(({ api }) => api).map(({ name }) => name)).not.toContain('expire_reservations')
    const ofAuth = granted.filter(({ auth }) => auth).map(({ name }) => name)
    expect(ofAuth.toSorted()).toEqual(CREDENTIALS)
    expect(granted.filter(({ api, worker, name }) => (api || worker) && CREDENTIALS.includes(name))).toEqual([])
  })

  test('api and worker can only read tables, and only those that a statement names', async () => {
    const rights = await db.sql<{ name: string; writes: boolean; reads: boolean }[]>`
      select c.relname::text as name,
        bool_or(has_table_privilege(r.rolname, c.oid, 'insert, update, delete, truncate, references, trigger')
          or has_any_column_privilege(r.rolname, c.oid, 'insert, update, references')) as writes,
        bool_or(has_any_column_privilege(r.rolname, c.oid, 'select')) as reads
      from pg_class c cross join pg_roles r
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and c.relname not like 'pg\\_stat%'
        and r.rolname in ('stallwright_api', 'stallwright_auth', 'stallwright_worker', 'stallwright_readonly')
      group by c.relname`
    expect(rights.filter(({ writes }) => writes)).toEqual([])
    const callers = readAll('db/functions/**/*.sql').filter((text) => !text.includes('security definer'))
    const statements = [...readAll('db/queries/**/*.sql'), ...callers].map((text) => text.replaceAll(/--.*/g, '')).join('\n')
    const [read] = await db.sql<{ names: string[] }[]>`
      select array_agg(c.relname::text) as names from pg_class c
      where c.relnamespace = 'public'::regnamespace and has_any_column_privilege('stallwright_api', c.oid, 'select')
        and c.relkind in ('r', 'p') and c.relname not like 'pg\\_stat%'`
    expect(read?.names.filter((name) => !new RegExp(`\\b(from|join)\\s+${name}\\b`).test(statements))).toEqual([])
  })

  test('the api role cannot write, create, change or drop a table, nor read a password or a queue', async () => {
    await refused('api', 'update products set quantity = 0')
    await refused('api', "insert into users (email, password, display_name) values ('a@b.c', '*', 'A')")
    await refused('api', 'delete from orders')
    await refused('api', 'truncate changes')
    await refused('api', 'create table mine (id bigint)')
    await refused('api', 'create temp table mine (id bigint)')
    await refused('api', 'drop table favorites')
    await refused('api', 'alter table favorites add column mine bigint')
    await refused('api', 'drop function reserve_item')
    await refused('api', "create function mine() returns integer language sql as 'select 1'")
    await refused('api', 'select password from users')
    await refused('api', 'select * from users')
    await refused('api', 'select count(*) from users where password is null')
    await refused('api', 'select * from pgboss.job')
    await refused('api', 'select * from idempotency_keys')
    await refused('api', 'select secret from second_factors')
    await refused('api', 'set role stallwright_owner')
    expect(await as('api')`select count(*)::integer as count from products`).toMatchObject([{ count: 0 }])
  })

  test('the api role cannot read a hash, set a password, or create a session for another user', async () => {
    await refused('api', 'select u.email, c.password from users u, lateral find_credentials(u.email) c')
    await refused('api', 'select show_own_credentials(1)')
    await refused('api', "select change_password(1, '*', '$argon2id$x', sha256('mine'))")
    await refused('api', "select start_session(1, '*', sha256('mine'), 3600)")
    await refused('api', "select register_user('a@example.com', '$argon2id$x', 'A')")
    await refused('api', 'set role stallwright_auth')
  })

  test('the auth role reads no table, and can do nothing else', async () => {
    await refused('auth', 'select count(*) from users')
    await refused('auth', 'select count(*) from products')
    await refused('auth', 'select reserve_item(1, 1, 1)')
    await refused('auth', 'create table mine (id bigint)')
    expect(await as('auth')`select id, account from find_credentials('Nobody@example.com')`).toMatchObject([
      { id: null, account: 'nobody@example.com' },
    ])
  })

  test('a deploy without stallwright_auth gives sign-in to the api role', async () => {
    const undo = new Error('undo')
    const mayFind = () =>
      db.sql`select has_function_privilege('stallwright_api', 'find_credentials(text, bytea)', 'execute') as may`
    const deployed = db.sql.begin(async (tx) => {
      await tx`alter role stallwright_auth rename to stallwright_none`
      await grantAccess(tx)
      const [row] = await tx`select has_function_privilege('stallwright_api', 'find_credentials(text, bytea)', 'execute') as may`
      expect(row?.may).toBe(true)
      throw undo
    })
    await expect(deployed).rejects.toBe(undo)
    expect(await mayFind()).toMatchObject([{ may: false }])
  })

  test('while sign-in functions change owner, the api role can run them through stallwright_auth', async () => {
    const undo = new Error('undo')
    const handOver = db.sql.begin(async (tx) => {
      await tx`grant stallwright_auth to stallwright_api`
      await grantAccess(tx)
      await tx`set local role stallwright_api`
      expect(await tx`select account from find_credentials('Ann@example.com')`).toMatchObject([{ account: 'ann@example.com' }])
      throw undo
    })
    await expect(handOver).rejects.toBe(undo)
    await refused('api', "select account from find_credentials('Ann@example.com')")
  })

  test('two functions return a password, and only sign-in statements call them', () => {
    const showing = [...new Glob('db/functions/**/*.sql').scanSync(projectRoot)].filter((name) =>
      /returns table \([^)]*\bpassword\b/.test(readFileSync(join(projectRoot, name), 'utf8')),
    )
    expect(showing.map((name) => name.split('/').at(-1)).toSorted()).toEqual(['find_credentials.sql', 'show_own_credentials.sql'])
    expect(readAll('db/queries/**/*.sql').filter((text) => /\bpassword\b/.test(text))).toEqual([])
  })

  test('readonly reads no secret, e-mail, address, stored response or job data, and writes nothing', async () => {
    for (const column of [
      'password from users',
      'email from users',
      'token_hash from sessions',
      'secret from service_secrets',
      'secret from second_factors',
      'code_hash from recovery_codes',
      'address_hash from sign_in_addresses',
      'shipping_address from checkouts',
      'next_action from payments',
      'tracking from orders',
      'tracking_number from shipments',
      'note from refunds',
      'personalization from order_items',
      'personalization from cart_items',
      'personalization from checkout_lines',
      'detail from order_events',
      'note from ledger_transactions',
      'holder_name from payout_accounts',
      'iban from payout_accounts',
      'holder_name from payouts',
      'iban from payouts',
      'body from idempotency_keys',
      'refusal from idempotency_keys',
      'data from pgboss.job',
      'output from pgboss.job_common',
      'source_output from pgboss.job',
      'data from pgboss.warning',
      '* from users',
      '* from pgboss.job',
    ])
      await refused('readonly', `select ${column}`)
    expect(await as('readonly')`select count(display_name)::integer as count from users`).toMatchObject([{ count: 0 }])
    expect(await as('readonly')`select count(*)::integer as count from pgboss.job`).toHaveLength(1)
    for (const view of ['daily_money', 'shop_money', 'seller_year']) {
      expect(await as('readonly').unsafe(`select * from ${view}`)).toHaveLength(0)
      await refused('api', `select * from ${view}`)
    }
    await expect(as('readonly')`delete from favorites`.then()).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|25006)$/),
    })
  })

  test('backup reads everything and writes nothing, even if it sets its transaction to read write', async () => {
    expect(await as('backup')`select count(password)::integer as count from users`).toHaveLength(1)
    expect(await as('backup')`select name from service_secrets`).not.toHaveLength(0)
    const forced = as('backup').begin(async (tx) => {
      await tx`set transaction read write`
      await tx`delete from favorites`
    })
    await expect(forced).rejects.toMatchObject({ code: '42501' })
  })

  test('readonly can run every query of db/ops', async () => {
    await db.sql`create extension if not exists pg_stat_statements`
    for (const name of readdirSync(join(projectRoot, 'db', 'ops'))) {
      await as('readonly')
        .unsafe(readFileSync(join(projectRoot, 'db', 'ops', name), 'utf8'))
        .simple()
    }
  })

  test('a partition can be read only through its table, whatever rights it had before', async () => {
    const [row] = await db.sql<{ name: string }[]>`
      select inhrelid::regclass::text as name from pg_inherits where inhparent = 'order_events'::regclass order by 1 limit 1`
    const read = `select detail from ${row?.name}`
    await db.sql.unsafe(`grant select on ${row?.name} to stallwright_readonly, stallwright_api`)
    expect(await as('readonly').unsafe(read)).toHaveLength(0)
    await migrate(urls.get('migrator') ?? '')
    await refused('readonly', read)
    await refused('api', read)
    expect(await as('readonly')`select status from order_events`).toHaveLength(0)
  }, 60_000)

  test('each role has its own timeouts', async () => {
    const settings = await db.sql<{ role: string; name: string }[]>`
      select s.setrole::regrole::text as role, split_part(unnest(s.setconfig), '=', 1) as name from pg_db_role_setting s
      where s.setdatabase = (select oid from pg_database where datname = current_database())`
    const of = (role: Role) => settings.filter((one) => one.role === `stallwright_${role}`).map(({ name }) => name)
    const timeouts = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']
    for (const role of ['api', 'auth', 'worker', 'readonly'] as const) expect(of(role)).toEqual(expect.arrayContaining(timeouts))
    // A migration sets its own limit for statements, which `bun run check` requires.
    expect(of('migrator')).toEqual(expect.arrayContaining(timeouts.slice(1)))
  })
})

describe('the service under its roles', () => {
  const processes: ApiProcess[] = []
  let api: Api

  beforeAll(async () => {
    await db.sql`insert into categories (slug, name) values ('bowls', 'Bowls')`
    const [DATABASE_URL = '', AUTH_DATABASE_URL = '', QUEUES_DATABASE_URL = ''] = [
      urls.get('api'),
      urls.get('auth'),
      urls.get('worker'),
    ]
    processes.push(await spawnApi({ DATABASE_URL, AUTH_DATABASE_URL, QUEUES_DATABASE_URL }, 'api'))
    processes.push(await spawnApi({ DATABASE_URL: urls.get('worker') ?? '' }, 'worker'))
    api = openApi(processes[0]?.url ?? '')
  }, 60_000)

  afterAll(async () => {
    for (const { stop } of processes) await stop()
  })

  const signUp = async (display_name: string) => {
    const credentials = { email: `${crypto.randomUUID()}@example.com`, password: 'correct horse battery' }
    expectStatus(await api('POST', '/v1/users', { body: { ...credentials, display_name } }), 201)
    const { token } = expectStatus(await api<Session>('POST', '/v1/sessions', { body: credentials }), 201)
    return (<T>(method: string, path: string, body?: unknown, headers = {}) =>
      api<T>(method, path, { token, body, headers })) as (
      method: string,
      path: string,
      body?: unknown,
      headers?: Record<string, string>,
    ) => ReturnType<Api>
  }

  test('sells, and its worker runs the jobs of the sale', async () => {
    const [seller, buyer] = [await signUp('Sam'), await signUp('Ann')]
    const shop = (await seller('POST', '/v1/shops', { name: 'Kiln', shipping: freeShipping })).body as Shop
    const { items } = (await api<{ items: Category[] }>('GET', '/v1/categories')).body
    const listing = { title: 'A blue bowl', price: '10.00', quantity: 1, category_id: items[0]?.id, is_vintage: false }
    const listed = await seller('POST', `/v1/shops/${shop.id}/products`, { ...listing, description: '', tags: [], images: [] })
    const product = expectStatus(listed, 201) as Product
    expect((await api<{ total: number }>('GET', '/v1/search?q=blue+bwol')).body.total).toBe(1)
    expectStatus(await buyer('PUT', `/v1/favorites/product/${product.id}`), 204)
    expectStatus(await buyer('POST', '/v1/cart/items', { product_id: product.id, quantity: 1 }), 201)
    expect(((await buyer('GET', '/v1/cart')).body as Cart).shops).toHaveLength(1)
    const bought = await buyer(
      'POST',
      '/v1/checkout',
      { shipping_address: ADDRESS, payment_method: 'pm_card_visa' },
      { 'Idempotency-Key': crypto.randomUUID() },
    )
    const { orders } = expectStatus(bought, 201) as Checkout
    expect(orders).toHaveLength(1)
    const left = async () => (await db.sql`select from pgboss.job where name = 'send_mails' and state <> 'completed'`).length
    const deadline = performance.now() + 30_000
    while ((await left()) > 0 && performance.now() < deadline) await Bun.sleep(100)
    expect(await left()).toBe(0)
    // Without a mail server, the worker drops each mail once it has rendered it.
    const told = await db.sql`select kind, status from mails where is_about_order order by kind`
    expect([...told]).toEqual([
      { kind: 'checkout_paid', status: 'dropped' },
      { kind: 'order_sold', status: 'dropped' },
    ])
  }, 90_000)
})
