import { afterAll, afterEach, beforeAll, expect, test } from 'bun:test'
import pino from 'pino'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { openRelay, type Relay } from './relay.ts'

let db: TestDatabase
let invalidated: string[] = []
const open: Relay[] = []
beforeAll(async () => {
  db = await openTestDatabase()
  await db.sql`truncate changes`
})
afterEach(async () => {
  for (const relay of open.splice(0)) await relay.stop()
  await db.sql`truncate changes`
  invalidated = []
})
afterAll(() => db.close())

/** A relay whose first look, with which it begins to rest, has ended. */
async function openResting(): Promise<Relay> {
  await db.sql`select note_changes('{first}')`
  const cache = { invalidate: async (keys: string[]) => invalidated.push(...keys) > 0 }
  const relay = openRelay(db.sql, { id: crypto.randomUUID(), cache, log: pino({ level: 'silent' }), rests: true })
  open.push(relay)
  await until(async () => (await waiting()) === 0 && (await holders()) === 0)
  return relay
}
const waiting = async () => (await db.sql`select from changes`).length
const holders = async () => (await db.sql`select from leases where name = 'relay'`).length
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await Bun.sleep(5)
}

test('the first reader after a rest waits until the relay has delivered all changes', async () => {
  const relay = await openResting()
  await db.sql`select note_changes('{product:1}')`
  expect(await relay.isAwake()).toBe(true)
  expect(invalidated).toEqual(['first', 'product:1'])
  expect(relay.isAwake()).toBe(true)
})

test('a woken relay delivers, and gives the lease back for readers in other processes', async () => {
  const relay = await openResting()
  await db.sql`select note_changes('{product:2}')`
  expect(invalidated).toEqual(['first'])
  relay.wake()
  await until(async () => (await waiting()) === 0 && (await holders()) === 0)
  expect(invalidated).toEqual(['first', 'product:2'])
})

test('an awake relay rests after the last reader', async () => {
  const relay = await openResting()
  await relay.isAwake()
  expect(await holders()).toBe(1)
  await until(async () => (await holders()) === 0)
})

test('a reader does not wait for a relay that cannot look', async () => {
  const relay = await openResting()
  await db.sql.begin(async (tx) => {
    await tx`lock table leases`
    expect(await relay.isAwake()).toBe(false)
  })
  await until(async () => await relay.isAwake())
})
