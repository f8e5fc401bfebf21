import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { describeSchema } from '../../test/support/schema.ts'
import { openPool } from '../platform/db/client.ts'
import { deployFunctions } from './deploy_functions.ts'

let db: TestDatabase
let deployed: string[]
beforeAll(async () => {
  db = await openTestDatabase()
  deployed = await describeSchema(db.sql)
})
afterAll(() => db.close())

/** Makes the next deploy treat the files as changed. */
const forget = () => db.sql`update deployed_functions set checksum = 'of other files'`

const exists = async (signature: string) =>
  (await db.sql<{ found: boolean }[]>`select to_regprocedure(${signature}) is not null as found`)[0]?.found

afterEach(async () => {
  await db.sql`drop function if exists left_over(integer) cascade`
  await db.sql`drop function if exists foreign_function() cascade`
})

test('a second deploy changes nothing', async () => {
  expect(await deployFunctions(db.sql)).toBe(false)
  expect(await describeSchema(db.sql)).toEqual(deployed)
})

test.each([
  ['dropped', 'drop function to_rfc3339(timestamptz)'],
  ['changed', `create or replace function to_rfc3339(moment timestamptz) returns text language sql as $$ select 'never' $$`],
  ['given other settings', 'alter function to_rfc3339(timestamptz) set work_mem = 64'],
])('a function that was %s by hand is created again, although the files did not change', async (_, change) => {
  await db.sql.unsafe(change)
  expect(await deployFunctions(db.sql)).toBe(true)
  expect(await describeSchema(db.sql)).toEqual(deployed)
  expect(await deployFunctions(db.sql)).toBe(false)
})

test('replaces the functions of changed files, and restores them after the files change back', async () => {
  await forget()
  await db.sql.unsafe(
    `create or replace function to_rfc3339(moment timestamptz) returns text language sql as $$ select 'never' $$`,
  )
  expect(await deployFunctions(db.sql)).toBe(true)
  expect(await describeSchema(db.sql)).toEqual(deployed)
  expect(await deployFunctions(db.sql)).toBe(false)
})

test('concurrent deploys succeed', async () => {
  await forget()
  const changed = await Promise.all([1, 2, 3].map(() => deployFunctions(db.sql).catch((error: Error) => error.message)))
  expect(changed).toContain(true)
  expect(await describeSchema(db.sql)).toEqual(deployed)
})

test('a function without a file is dropped', async () => {
  await db.sql.unsafe('create function left_over(n integer) returns integer language sql as $$ select 1 $$')
  await db.sql`
    insert into deployed_functions (signature, checksum, definition_hash) values ('left_over(integer)', 'of other files', '')`
  await forget()
  expect(await deployFunctions(db.sql)).toBe(true)
  expect(await exists('left_over(integer)')).toBe(false)
})

test('a function with new arguments replaces the old one', async () => {
  await db.sql.unsafe('create function end_session(token text) returns void language sql as $$ select $$')
  await db.sql`
    insert into deployed_functions (signature, checksum, definition_hash) values ('end_session(text)', 'of other files', '')`
  await forget()
  await deployFunctions(db.sql)
  expect([await exists('end_session(text)'), await exists('end_session(bytea)')]).toEqual([false, true])
})

test('a function that no deploy created survives', async () => {
  await db.sql.unsafe('create function foreign_function() returns integer language sql as $$ select 1 $$')
  await forget()
  await deployFunctions(db.sql)
  expect(await exists('foreign_function()')).toBe(true)
})

test('a deploy that would drop a needed function fails and changes nothing', async () => {
  await db.sql.unsafe('create function left_over(n integer) returns integer language sql as $$ select 1 $$')
  await db.sql.unsafe('create view needs_left_over as select left_over(1) as n')
  await db.sql`
    insert into deployed_functions (signature, checksum, definition_hash) values ('left_over(integer)', 'of other files', '')`
  await forget()
  const failed = await deployFunctions(db.sql).catch((error: Error) => error.message)
  expect(failed).toContain('left_over')
  expect(await exists('left_over(integer)')).toBe(true)
  await db.sql`delete from deployed_functions where signature = 'left_over(integer)'`
})

/** Gives remove_cart_line a result that CREATE OR REPLACE cannot change into that of its file. */
async function changeResult() {
  await forget()
  await db.sql`drop function remove_cart_line(bigint, bigint)`
  await db.sql.unsafe(
    'create function remove_cart_line(user_id bigint, line_id bigint) returns integer language sql as $$ select 1 $$',
  )
}

test('a function with another result type is dropped and created', async () => {
  await changeResult()
  const prepared = async () => [
    ...(await db.sql.unsafe<{ remove_cart_line: number | string }[]>('select * from remove_cart_line(0, 0)', [], {
      prepare: true,
    })),
  ]
  expect(await prepared()).toEqual([{ remove_cart_line: 1 }])
  expect(await deployFunctions(db.sql)).toBe(true)
  expect(await describeSchema(db.sql)).toEqual(deployed)
  // A running process has the statement prepared with the old result.
  expect(await prepared()).toEqual([{ remove_cart_line: '' }])
})

test('the error of a deploy names the file, and nothing has changed', async () => {
  await changeResult()
  // Without its record the function does not belong to the deploy, which must not drop it.
  await db.sql`delete from deployed_functions where signature = 'remove_cart_line(bigint,bigint)'`
  await db.sql.unsafe(
    `create or replace function to_rfc3339(moment timestamptz) returns text language sql as $$ select 'never' $$`,
  )
  const before = await describeSchema(db.sql)
  const failed = await deployFunctions(db.sql).catch((error: Error) => error.message)
  expect(failed).toMatch(/^db\/functions\/cart\/remove_cart_line\.sql: .*return type/)
  expect(await describeSchema(db.sql)).toEqual(before)
  await db.sql`drop function remove_cart_line(bigint, bigint)`
  expect(await deployFunctions(db.sql)).toBe(true)
  expect(await describeSchema(db.sql)).toEqual(deployed)
})

test.each([
  ['dropped', 'drop trigger products__note_updated on products'],
  ['disabled', 'alter table products disable trigger products__note_updated'],
  [
    'changed',
    'create or replace trigger products__note_updated before update on products for each row execute function tg_products__note_updated()',
  ],
  ['dropped, a constraint trigger', 'drop trigger checkouts__check_parts on checkouts'],
])('a trigger that was %s by hand is created again', async (_, change) => {
  await db.sql.unsafe(change)
  expect(await deployFunctions(db.sql)).toBe(true)
  expect(await describeSchema(db.sql)).toEqual(deployed)
  expect(await db.sql`select from pg_trigger where not tgisinternal and tgenabled <> 'O'`).toHaveLength(0)
  expect(await deployFunctions(db.sql)).toBe(false)
})

test('a trigger without a file is dropped, also from the partitions of its table, and then its function', async () => {
  await db.sql.unsafe(`
    create function tg_left() returns trigger language plpgsql as $$ begin return null; end; $$;
    create trigger orders__left after insert on orders for each statement execute function tg_left();
    insert into deployed_functions (signature, checksum, definition_hash) values ('tg_left()', 'of other files', '');
    insert into deployed_triggers values ('orders', 'orders__left', 'create or replace trigger …', 'hash')`)
  await db.sql`select copy_triggers(inhparent, inhrelid) from pg_inherits where inhparent = 'orders'::regclass`
  await forget()
  expect(await deployFunctions(db.sql)).toBe(true)
  expect(await db.sql`select from pg_trigger where tgname = 'orders__left'`).toHaveLength(0)
  expect(await exists('tg_left()')).toBe(false)
  expect(await describeSchema(db.sql)).toEqual(deployed)
})

test('a changed trigger is created on each partition of its table', async () => {
  const count = async () =>
    (
      await db.sql<{ n: number }[]>`
      select count(*)::integer as n from pg_trigger t join pg_inherits i on i.inhrelid = t.tgrelid
      where i.inhparent = 'order_items'::regclass and t.tgname = 'order_items__refuse_change'
        and pg_get_triggerdef(t.oid) like '%TRUNCATE%'`
    )[0]?.n
  const all = await count()
  expect(all).toBeGreaterThan(12)
  await db.sql.unsafe(`
    create or replace trigger order_items__refuse_change before update or delete on order_items
      for each statement execute function tg__refuse_change()`)
  await db.sql`select copy_triggers(inhparent, inhrelid) from pg_inherits where inhparent = 'order_items'::regclass`
  expect(await count()).toBe(0)
  expect(await deployFunctions(db.sql)).toBe(true)
  expect(await count()).toBe(all)
})

test('a deploy locks the table of a trigger only if the trigger differs, so it waits for no writer', async () => {
  const writer = openPool(db.url, { max: 1, name: 'writer', statement_timeout_ms: 0 })
  try {
    await writer.begin(async (tx) => {
      await tx`lock table products, cart_items, checkouts, orders, order_items in row exclusive mode`
      await forget()
      expect(await deployFunctions(db.sql)).toBe(true)
      await db.sql`update deployed_triggers set statement = 'another' where trigger_name = 'products__note_updated'`
      await forget()
      const refused = await deployFunctions(db.sql).catch((error: { code?: string }) => error.code)
      expect(refused).toBe('55P03')
    })
    expect(await deployFunctions(db.sql)).toBe(true)
  } finally {
    await writer.end()
  }
})
