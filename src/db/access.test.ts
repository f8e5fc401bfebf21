import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Glob } from 'bun'
import { projectRoot } from '../project.ts'
import { type Api, expectStatus, openApi } from '../test/api.ts'
import { openEmptyDatabase, openTestDatabase, type TestDatabase } from '../test/database.ts'
import { dropRoles, type Role, roles } from '../test/database_roles.ts'
import type { Cart, Category, Checkout, Product, Session, Shop } from '../test/representations.ts'
import { type ApiProcess, spawnApi } from '../test/server.ts'
import { freeShipping } from '../test/shopper.ts'
import { openPool, type Pool } from './client.ts'
import { migrate } from './migrate.ts'

const PASSWORD = crypto.randomUUID()

/** What operators run by hand, as the migrator. */
const OF_COMMANDS = ['add_synonyms', 'import_products', 'load_synonyms', 'prepare_import', 'reindex_products', 'remove_synonyms']

const readAll = (pattern: string): string[] =>
  [...new Glob(pattern).scanSync(projectRoot)].map((name) => readFileSync(join(projectRoot, name), 'utf8'))

const rolesFile = readFileSync(join(projectRoot, 'db', 'access', 'roles.sql'), 'utf8')
let db: TestDatabase
const logins = new Map<Role, Pool>()
const urls = new Map<Role, string>()
const as = (role: Role): Pool => logins.get(role) as Pool
const refused = (role: Role, statement: string) => expect(as(role).unsafe(statement)).rejects.toMatchObject({ code: '42501' })

// A database that was made without roles is handed over, and then migrated by the login that is for that.
beforeAll(async () => {
  db = await openTestDatabase()
  await db.sql.unsafe(rolesFile).simple()
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
  test('the owner owns all that is there, and logs in nowhere', async () => {
    const [strangers] = await db.sql`
      select (select count(*) from pg_class c where c.relnamespace in ('public'::regnamespace, 'pgboss'::regnamespace)
          and c.relowner <> 'stallwright_owner'::regrole and c.relkind in ('r', 'p') and c.relname not like 'pg\\_stat%')::integer as tables,
        (select count(*) from pg_proc p where p.pronamespace = 'public'::regnamespace and p.proowner <> 'stallwright_owner'::regrole
          and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e'))::integer as functions,
        (select rolcanlogin from pg_roles where rolname = 'stallwright_owner') as logs_in`
    expect(strangers).toEqual({ tables: 0, functions: 0, logs_in: false })
  })

  test('a migration acts as the owner, and a second one changes nothing', async () => {
    expect(await as('migrator')`select current_user::text as name`).toMatchObject([{ name: 'stallwright_owner' }])
    const rights = () => db.sql`
      select md5(string_agg(c.oid || coalesce(c.relacl::text, '') || c.xmin::text, ',' order by c.oid)) as tables,
        (select md5(string_agg(p.oid || coalesce(p.proacl::text, '') || p.xmin::text, ',' order by p.oid)) from pg_proc p) as functions
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
      await fresh.sql.unsafe(rolesFile).simple()
      const url = Object.assign(new URL(fresh.url), { username: 'stallwright_migrator', password: PASSWORD })
      await migrate(url.href)
      expect([...(await rights(fresh.sql))]).toEqual([...(await rights(db.sql))])
    } finally {
      await fresh.close()
    }
  }, 60_000)

  test('nobody but the owner runs what has its rights, unless named', async () => {
    const [open] = await db.sql`
      select count(*)::integer as count from pg_proc p
      where p.pronamespace = 'public'::regnamespace and p.prosecdef and has_function_privilege('public', p.oid, 'execute')`
    expect(open?.count).toBe(0)
    const [readers] = await db.sql`
      select count(*)::integer as count from pg_proc p
      where p.pronamespace = 'public'::regnamespace and p.prosecdef and has_function_privilege('stallwright_readonly', p.oid, 'execute')`
    expect(readers?.count).toBe(0)
  })

  test('api and worker run what the service calls, and nothing else that writes', async () => {
    const called = new Set(
      readAll('src/**/!(*.test).ts').flatMap((text) => [...text.matchAll(/\broutine\(\s*'(\w+)'/g)].map((m) => m[1])),
    )
    const granted = await db.sql<{ name: string; api: boolean; worker: boolean }[]>`
      select p.proname::text as name, has_function_privilege('stallwright_api', p.oid, 'execute') as api,
        has_function_privilege('stallwright_worker', p.oid, 'execute') as worker
      from pg_proc p where p.pronamespace = 'public'::regnamespace and p.prosecdef and p.prorettype <> 'trigger'::regtype`
    const names = granted.filter(({ api, worker }) => api || worker).map(({ name }) => name)
    const needed = granted.map(({ name }) => name).filter((name) => called.has(name) && !OF_COMMANDS.includes(name))
    expect(names.toSorted()).toEqual(needed.toSorted())
    expect(granted.filter(({ api }) => api).map(({ name }) => name)).not.toContain('expire_reservations')
    expect(granted.filter(({ worker }) => worker).map(({ name }) => name)).not.toContain('find_credentials')
  })

  test('api and worker may only read tables, and of these only what a statement names', async () => {
    const rights = await db.sql<{ name: string; writes: boolean; reads: boolean }[]>`
      select c.relname::text as name,
        bool_or(has_table_privilege(r.rolname, c.oid, 'insert, update, delete, truncate, references, trigger')
          or has_any_column_privilege(r.rolname, c.oid, 'insert, update, references')) as writes,
        bool_or(has_any_column_privilege(r.rolname, c.oid, 'select')) as reads
      from pg_class c cross join pg_roles r
      where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v') and c.relname not like 'pg\\_stat%'
        and r.rolname in ('stallwright_api', 'stallwright_worker', 'stallwright_readonly')
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

  test('the api role cannot write, make, change or drop a table, nor read a password or a queue', async () => {
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
    await refused('api', 'set role stallwright_owner')
    expect(await as('api')`select count(*)::integer as count from products`).toMatchObject([{ count: 0 }])
  })

  test('two functions show a password, and only statements of signing in call them', () => {
    const showing = [...new Glob('db/functions/**/*.sql').scanSync(projectRoot)].filter((name) =>
      /returns table \([^)]*\bpassword\b/.test(readFileSync(join(projectRoot, name), 'utf8')),
    )
    expect(showing.map((name) => name.split('/').at(-1)).toSorted()).toEqual(['find_credentials.sql', 'show_own_credentials.sql'])
    expect(readAll('db/queries/**/*.sql').filter((text) => /\bpassword\b/.test(text))).toEqual([])
  })

  test('readonly reads all but secrets, and writes nothing', async () => {
    await refused('readonly', 'select password from users')
    await refused('readonly', 'select token_hash from sessions')
    await refused('readonly', 'select secret from service_secrets')
    expect(await as('readonly')`select count(email)::integer as count from users`).toMatchObject([{ count: 0 }])
    expect(await as('readonly')`select count(*)::integer as count from pgboss.job`).toHaveLength(1)
    await expect(as('readonly')`delete from favorites`.then()).rejects.toMatchObject({
      code: expect.stringMatching(/^(42501|25006)$/),
    })
  })

  test('readonly can ask every question of db/ops', async () => {
    await db.sql`create extension if not exists pg_stat_statements`
    for (const name of readdirSync(join(projectRoot, 'db', 'ops'))) {
      await as('readonly')
        .unsafe(readFileSync(join(projectRoot, 'db', 'ops', name), 'utf8'))
        .simple()
    }
  })

  test('each role has timeouts of its own', async () => {
    const settings = await db.sql<{ role: string; name: string }[]>`
      select s.setrole::regrole::text as role, split_part(unnest(s.setconfig), '=', 1) as name from pg_db_role_setting s
      where s.setdatabase = (select oid from pg_database where datname = current_database())`
    const of = (role: Role) => settings.filter((one) => one.role === `stallwright_${role}`).map(({ name }) => name)
    const timeouts = ['statement_timeout', 'lock_timeout', 'idle_in_transaction_session_timeout']
    for (const role of ['api', 'worker', 'readonly'] as const) expect(of(role)).toEqual(expect.arrayContaining(timeouts))
    // A migration states its own limit for statements, and `bun run check` that it does.
    expect(of('migrator')).toEqual(expect.arrayContaining(timeouts.slice(1)))
  })
})

describe('the service under its roles', () => {
  const processes: ApiProcess[] = []
  let api: Api

  beforeAll(async () => {
    await db.sql`insert into categories (slug, name) values ('bowls', 'Bowls')`
    processes.push(await spawnApi({ DATABASE_URL: urls.get('api') ?? '', QUEUES_DATABASE_URL: urls.get('worker') ?? '' }, 'api'))
    processes.push(await spawnApi({ DATABASE_URL: urls.get('worker') ?? '' }, 'worker'))
    api = openApi(processes[0]?.url ?? '')
  }, 60_000)

  afterAll(async () => {
    for (const { end } of processes) await end('SIGTERM')
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

  test('sells, and its worker works the jobs of the sale', async () => {
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
    const shipping_address = { name: 'Ann', line1: 'Lane 1', city: 'Riga', postal_code: 'LV-1001', country: 'LV' }
    const bought = await buyer(
      'POST',
      '/v1/checkout',
      { shipping_address, payment_method: 'pm_card_visa' },
      { 'Idempotency-Key': crypto.randomUUID() },
    )
    const { orders } = expectStatus(bought, 201) as Checkout
    expect(orders).toHaveLength(1)
    const left = async () => (await db.sql`select from pgboss.job where name = 'notify_seller' and state <> 'completed'`).length
    const deadline = performance.now() + 30_000
    while ((await left()) > 0 && performance.now() < deadline) await Bun.sleep(100)
    expect(await left()).toBe(0)
    const [done] =
      await db.sql`select count(*)::integer as count from pgboss.job where name = 'notify_seller' and state = 'completed'`
    expect(done?.count).toBe(1)
  }, 90_000)
})
