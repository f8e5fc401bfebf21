import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { lintDatabase } from './lint.ts'

let db: TestDatabase
let before: string[]
beforeAll(async () => {
  db = await openTestDatabase()
  before = (await lintDatabase(db.sql)).map(({ lint, object }) => `${lint}: ${object}`)
})
afterAll(() => db.close())

test('the database obeys its own rules', async () => {
  expect(await lintDatabase(db.sql)).toEqual([])
})

/** Runs a wrong statement in a transaction and rolls it back. Returns the new findings of the rules as "rule: object". */
async function findingsAfter(wrong: string): Promise<string[]> {
  let found: string[] = []
  const rollback = new Error('rolled back')
  await db.sql
    .begin(async (tx) => {
      await tx.unsafe(wrong).simple()
      found = (await lintDatabase(tx)).map(({ lint, object }) => `${lint}: ${object}`)
      throw rollback
    })
    .catch((error) => {
      if (error !== rollback) throw error
    })
  return found.filter((finding) => !before.includes(finding))
}

const TABLE_COMMENTED = "; comment on table hats is 'Hats.'"
const COLUMNS_COMMENTED = `; do $$ declare v_name text; begin
  for v_name in select attname from pg_attribute where attrelid = 'hats'::regclass and attnum > 0 loop
    execute format('comment on column hats.%I is %L', v_name, 'A hat''s.');
  end loop;
end $$`
const table = (columns: string) => `create table hats (${columns})${TABLE_COMMENTED}${COLUMNS_COMMENTED}`
const ID = 'id bigint generated always as identity primary key'
const routine = (rest: string) =>
  `create function wear() returns void language plpgsql stable ${rest}; comment on function wear() is 'Wears a hat.'`
const PINNED = 'set search_path = public, pg_temp'

const WRONG: [finding: string, statement: string][] = [
  ['foreign_key_without_index: hats', table(`${ID}, user_id bigint references users (id) on delete cascade`)],
  ['foreign_key_without_index: products', 'drop index products_processing_profile_id_shop_id_idx'],
  ['foreign_key_without_action: hats', table('user_id bigint primary key references users (id)')],
  ['index_within_another: cart_items_user_id_idx', 'create index cart_items_user_id_idx on cart_items (user_id)'],
  ['table_without_primary_key: hats', table('n integer')],
  ['object_without_comment: hats', `create table hats (${ID})${COLUMNS_COMMENTED}`],
  ['object_without_comment: hats.id', `create table hats (${ID})${TABLE_COMMENTED}`],
  ['object_without_comment: cart_items.color', 'alter table cart_items add column color text'],
  ['object_without_comment: wear()', `create function wear() returns void language sql stable ${PINNED} as 'select'`],
  ['function_without_search_path: wear()', routine("as 'begin end'")],
  ['function_without_search_path: wear()', routine("set search_path = public as 'begin end'")],
  ['unpinned_security_definer: pgboss.wear()', routine("security definer as 'begin end'").replaceAll('wear()', 'pgboss.wear()')],
  ['writer_with_callers_rights: wear()', routine(`${PINNED} as 'begin end'`).replace(' stable ', ' volatile ')],
  ['error_without_code: wear()', routine(`${PINNED} as $$ begin raise exception 'no'; end $$`)],
  ['error_without_code: wear()', routine(`${PINNED} as $$ begin exception when others then null; end $$`)],
  ['unknown_sqlstate: wear', routine(`${PINNED} as $$ begin raise exception using errcode = 'SWXXX'; end $$`)],
  ['unused_sqlstate: SWREV', 'drop function review_order'],
  [
    'function_not_inlined: shipping_cost(jsonb,bigint)',
    'create or replace function shipping_cost(shipping jsonb, units bigint) returns numeric language sql immutable ' +
      "as $$ select to_char(units, '9')::numeric $$",
  ],
  [
    'function_not_inlined: shipping_cost(jsonb,bigint)',
    'create or replace function shipping_cost(shipping jsonb, units bigint) returns numeric language sql stable ' +
      'as $$ select (select units::numeric) $$',
  ],
  ['function_not_inlined: price_ranges()', 'alter function price_ranges() strict'],
  ['column_of_wrong_type: hats.at', table(`${ID}, at timestamp`)],
  ['column_of_wrong_type: hats.name', table(`${ID}, name varchar(10)`)],
  ['column_of_wrong_type: hats.id', table('id serial primary key')],
  ['column_of_wrong_type: hats.body', table(`${ID}, body json`)],
  ['money_of_wrong_type: hats.price', table(`${ID}, price integer`)],
  ['money_of_wrong_type: hats.fee', table(`${ID}, fee numeric(12, 4)`)],
  ['constraint_off_pattern: hats', table(`${ID}, n integer check (n > 0)`)],
  ['constraint_off_pattern: hats', table(`${ID}, n integer, constraint one_n unique (n)`)],
  ['constraint_off_pattern: hats', `${table(`${ID}, n integer`)}; create index by_n on hats (n)`],
]

describe('a rule can find something:', () => {
  test.each(WRONG)('%s in %p', async (finding, statement) => {
    expect(await findingsAfter(statement)).toEqual([finding])
  })
})
