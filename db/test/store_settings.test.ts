import { beforeEach, describe, expect, test } from 'bun:test'
import { refusalOf } from '../../test/support/refusals.ts'
import { spawnApi } from '../../test/support/server.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
const settings = () => db.rows`select name, value from settings order by name`
const store = (variables: Record<string, unknown>) => db.sql`select store_settings(${JSON.stringify(variables)}::text::jsonb)`

beforeEach(async () => {
  await db.sql`delete from settings`
})

describe('store_settings', () => {
  test('stores what is set, and removes what is not', async () => {
    await store({ PAYOUT_HOLD_DAYS: 7, PAYOUT_MINIMUM: '25.00' })
    await store({ PAYOUT_HOLD_DAYS: null, PAYOUT_MINIMUM: '10.00' })
    expect(await settings()).toEqual([{ name: 'PAYOUT_MINIMUM', value: '10.00' }])
  })

  test('leaves the variables of another version as they are', async () => {
    await db.sql`insert into settings (name, value) values ('OF_THE_NEXT_VERSION', 'x')`
    await store({ PAYOUT_MINIMUM: '25.00' })
    expect(await settings()).toHaveLength(2)
  })

  test('refuses a name that no function reads', async () => {
    expect(await refusalOf(store({ PAYOUT_MINIMUM: '1', SOMETHING_ELSE: 'x' }))).toMatchObject({
      code: 'SWINV',
      detail: { field: 'SOMETHING_ELSE' },
    })
    expect(await settings()).toEqual([])
  })

  test('writes nothing without a difference', async () => {
    const variables = { PAYOUT_HOLD_DAYS: 0, PAYOUT_PROVIDER: 'manual' }
    const versions = () => db.rows`select name, xmin::text, ctid::text, updated_at from settings order by name`
    await store(variables)
    const before = await versions()
    await store(variables)
    expect(await versions()).toEqual(before)
  })

  test('starts with different settings cannot deadlock', async () => {
    const stored = [
      { PAYOUT_MINIMUM: '1', PAYOUT_HOLD_DAYS: null },
      { PAYOUT_HOLD_DAYS: '2', PAYOUT_MINIMUM: null },
      { PAYOUT_HOLD_DAYS: '3', PAYOUT_MINIMUM: '3' },
    ].map((one) => JSON.stringify(one))
    await db.race(12, async ({ sql }, index) => {
      for (let n = 0; n < 20; n++) await sql`select store_settings(${stored[(index + n) % 3] as string}::text::jsonb)`
    })
    expect((await settings()).length).toBeGreaterThanOrEqual(1)
  })
})

test('a start stores its settings, and the next start replaces them', async () => {
  const start = async (variables: Record<string, string>) => {
    const server = await spawnApi({ DATABASE_URL: db.url, ...variables }, 'api')
    await server.stop()
  }
  await start({ PAYOUT_HOLD_DAYS: '0', PAYOUT_PROVIDER: 'simulated', PAYOUTS_PAUSED: 'true' })
  expect(await settings()).toEqual([
    { name: 'PAYOUTS_PAUSED', value: 'true' },
    { name: 'PAYOUT_HOLD_DAYS', value: '0' },
    { name: 'PAYOUT_MINIMUM', value: '25.00' },
    { name: 'PAYOUT_PROVIDER', value: 'simulated' },
  ])
  await start({ PAYOUT_MINIMUM: '1' })
  expect(await settings()).toEqual([
    { name: 'PAYOUTS_PAUSED', value: 'false' },
    { name: 'PAYOUT_MINIMUM', value: '1' },
    { name: 'PAYOUT_PROVIDER', value: 'manual' },
  ])
}, 60_000)
