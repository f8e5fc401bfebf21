import { beforeEach, describe, expect, test } from 'bun:test'
import { createHash } from 'node:crypto'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pino from 'pino'
import { openDirectoryStore } from '../../src/domains/pictures/directory_store.ts'
import { removePictures } from '../../src/domains/pictures/remove_pictures.ts'
import type { Sql } from '../../src/platform/db/client.ts'
import type { JobContext } from '../../src/platform/jobs/job.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const BASE = 'https://shop.example'
const DAILY_LIMIT = 2000

const db = await testDatabase()
beforeEach(async () => {
  await db.sql`delete from pictures`
})

let made = 0
const hash = (text: string) => createHash('sha256').update(text).digest()
type Known = { id: number; key: string }

async function register(owner_id: number, source = `source ${++made}`, sql: Sql = db.sql): Promise<Known> {
  const [row] = await sql<Known[]>`
    select * from register_picture(${owner_id}, ${hash(source)}, ${hash(`content of ${source}`)}, 40, 20, 100)`
  return row as Known
}

async function confirm(id: number): Promise<string | null> {
  const [row] = await db.sql<{ body: string }[]>`select body from confirm_picture(${id}, ${BASE})`
  return row ? JSON.parse(row.body).url : null
}

const setAge = (id: number, age: string) =>
  db.sql`update pictures set uploaded_at = now() - ${age}::text::interval where id = ${id}`

/** Makes a visible picture of this age. */
async function makePicture(age = '0 s', owner_id?: number): Promise<Known & { url: string }> {
  const picture = await register(owner_id ?? (await db.makeUser()))
  const url = (await confirm(picture.id)) as string
  await setAge(picture.id, age)
  return { ...picture, url }
}

const retire = async (batch_size = 1000) =>
  (await db.sql<Known[]>`select * from retire_pictures(${batch_size})`).map((row) => row.id)
const reuse = async (owner_id: number, source: string) =>
  (await db.sql<{ id: number }[]>`select id from reuse_picture(${owner_id}, ${hash(source)}, ${BASE})`)[0]?.id ?? null

describe('an upload', () => {
  test('is visible after its files exist', async () => {
    const owner = await db.makeUser()
    const { id, key } = await register(owner, 'a cup')
    expect(key).toBe(`${id}-${hash('content of a cup').toString('hex').slice(0, 32)}`)
    expect(await reuse(owner, 'a cup')).toBeNull()
    expect(await confirm(id)).toBe(`${BASE}/pictures/${key}/full.webp`)
    expect(await reuse(owner, 'a cup')).toBe(id)
    expect(await reuse(await db.makeUser(), 'a cup')).toBeNull()
  })

  test('concurrent uploads of the same bytes make one picture', async () => {
    const owner = await db.makeUser()
    const both = await Promise.all([register(owner, 'twice'), register(owner, 'twice'), register(owner, 'twice')])
    expect(new Set(both.map((row) => row.id)).size).toBe(1)
  })

  test('is rejected above 2,000 in a day, concurrently or one by one, and accepted a day later', async () => {
    const owner = await db.makeUser()
    await db.sql`
      insert into pictures (owner_id, source_hash, content_hash, width, height, bytes)
      select ${owner}, sha256(n::text::bytea), sha256(n::text::bytea), 1, 1, 1
      from generate_series(2, ${DAILY_LIMIT}::integer - 2) n`
    const outcomes = await Promise.allSettled(Array.from({ length: 10 }, () => register(owner)))
    expect(outcomes.filter((outcome) => outcome.status === 'fulfilled')).toHaveLength(3)
    expect(await refusalOf(register(owner))).toMatchObject({ code: 'SWPIC', detail: { limit: DAILY_LIMIT } })
    await db.sql`update pictures set uploaded_at = now() - interval '25 hours' where owner_id = ${owner}`
    await register(owner)
  })
})

describe('retire_pictures', () => {
  test('retires only pictures that were not shown for a day, and those that were never visible', async () => {
    const fresh = await makePicture('23 hours')
    const [unused, listed, archived, banner, logo] = [
      await makePicture('25 hours'),
      await makePicture('25 hours'),
      await makePicture('25 hours'),
      await makePicture('25 hours'),
      await makePicture('25 hours'),
    ]
    const died = await register(await db.makeUser())
    await setAge(died.id, '25 hours')
    const images = ['https://elsewhere.example/a.jpg', listed.url.replace('full', 'small')]
    await db.sql`update products set images = ${images} where id = ${await db.makeProduct()}`
    await db.sql`update products set images = ${[archived.url]}, archived_at = now() where id = ${await db.makeProduct()}`
    await db.sql`update shops set banner = ${banner.url}, logo = ${logo.url} where id = ${await db.makeShop()}`
    expect(await retire()).toEqual([unused.id, died.id])
    const kept = db.rows`select id from pictures where removed_at is null order by id`
    expect(await kept).toEqual([fresh, listed, archived, banner, logo].map(({ id }) => ({ id })))
  })

  test('returns again, in batches, what an earlier run did not finish', async () => {
    const ids = [await makePicture('2 days'), await makePicture('2 days'), await makePicture('2 days')].map(({ id }) => id)
    expect(await retire(2)).toEqual(ids.slice(0, 2))
    expect(await retire(5)).toEqual(ids)
    await db.sql`select forget_picture(${ids[0] as number})`
    expect(await retire()).toEqual(ids.slice(1))
  })

  test('lets the same bytes become a new picture with another name', async () => {
    const owner = await db.makeUser()
    const first = await register(owner, 'again')
    await confirm(first.id)
    await setAge(first.id, '2 days')
    await retire()
    expect(await reuse(owner, 'again')).toBeNull()
    expect(await confirm(first.id)).toBeNull()
    const second = await register(owner, 'again')
    expect(second.key).not.toBe(first.key)
  })

  test('keeps a picture that was just uploaded again', async () => {
    const owner = await db.makeUser()
    const { id } = await register(owner, 'late')
    await confirm(id)
    await setAge(id, '2 days')
    expect(await reuse(owner, 'late')).toBe(id)
    expect(await retire()).toEqual([])
  })
})

test('forget_picture deletes no visible picture', async () => {
  const { id } = await makePicture()
  await db.sql`select forget_picture(${id})`
  expect(await db.rows`select id from pictures where id = ${id}`).toEqual([{ id }])
})

test('the job deletes files and rows of unused pictures, and retries failed deletions', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'stallwright-pictures-'))
  const store = openDirectoryStore(directory)
  const [kept, unused] = [await makePicture('1 hour'), await makePicture('2 days')]
  for (const { key } of [kept, unused])
    for (const size of ['full', 'medium', 'small']) await store.put(`${key}/${size}.webp`, new Uint8Array([1]))
  const broken = { ...store, remove: () => Promise.reject(new Error('the store is gone')) }
  const context = { sql: db.sql, log: pino({ level: 'silent' }) } as unknown as JobContext
  await expect(removePictures({}, { ...context, pictures: broken })).rejects.toThrow('gone')
  expect(readdirSync(directory).sort()).toEqual([kept.key, unused.key].sort())
  await removePictures({}, { ...context, pictures: store })
  expect(readdirSync(directory)).toEqual([kept.key])
  expect(await db.rows`select id from pictures`).toEqual([{ id: kept.id }])
  rmSync(directory, { recursive: true })
})
