import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expectStatus } from '../../../test/support/api.ts'
import { openApi } from '../../../test/support/client.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { drawPng } from '../../../test/support/pictures.ts'
import type { Picture, Session } from '../../../test/support/responses.ts'
import { type S3Server, startS3Server } from '../../../test/support/s3_server.ts'
import { spawnApi } from '../../../test/support/server.ts'
import { readConfig } from '../../platform/config.ts'
import { openDirectoryStore } from './directory_store.ts'
import { openPictureStore } from './open_store.ts'
import { openS3Store } from './s3_store.ts'
import type { PictureStore } from './store.ts'

const keys = { access_key_id: 'key-id', secret_access_key: 'a secret / with + signs', region: 'eu-test-1' }

let s3: S3Server
let directory: string
beforeAll(() => {
  s3 = startS3Server(keys)
  directory = mkdtempSync(join(tmpdir(), 'stallwright-pictures-'))
})
afterAll(async () => {
  await s3.stop()
  rmSync(directory, { recursive: true })
})

const stores: [name: string, open: () => PictureStore][] = [
  ['a directory', () => openDirectoryStore(join(directory, 'not', 'yet', 'there'))],
  ['a bucket', () => openS3Store({ ...keys, bucket: 'shop', endpoint: s3.url })],
]

describe.each(stores)('%s', (_name, open) => {
  test('keeps a file until it is removed', async () => {
    const store = open()
    const [one, other] = [crypto.getRandomValues(new Uint8Array(50_000)), new Uint8Array([1, 2, 3])]
    await store.put('1-ab/full.webp', one)
    await store.put('1-ab/small.webp', other)
    await store.put('1-ab/full.webp', one)
    expect(Buffer.from((await store.get('1-ab/full.webp')) as Uint8Array)).toEqual(Buffer.from(one))
    await store.remove('1-ab/full.webp')
    await store.remove('1-ab/full.webp')
    expect(await store.get('1-ab/full.webp')).toBeNull()
    expect(Buffer.from((await store.get('1-ab/small.webp')) as Uint8Array)).toEqual(Buffer.from(other))
    await store.remove('1-ab/small.webp')
    expect(await store.get('never/there.webp')).toBeNull()
  })
})

test('a directory is as before after its last file is removed', async () => {
  const place = join(directory, 'tidy')
  const store = openDirectoryStore(place)
  await store.put('2-cd/full.webp', new Uint8Array([1]))
  expect(readdirSync(join(place, '2-cd'))).toEqual(['full.webp'])
  await store.remove('2-cd/full.webp')
  expect(readdirSync(place)).toEqual([])
})

test('a bucket gets the type of each file, below one prefix', async () => {
  await openS3Store({ ...keys, bucket: 'shop', endpoint: s3.url }).put('3-ef/full.webp', new Uint8Array([7]))
  expect(s3.objects.get('shop/pictures/3-ef/full.webp')).toEqual({ bytes: new Uint8Array([7]), type: 'image/webp' })
})

test('a bucket that rejects or is unreachable is 503, and the log has the reason', async () => {
  const wrong = openS3Store({ ...keys, secret_access_key: 'wrong', bucket: 'shop', endpoint: s3.url })
  await expect(wrong.put('4/full.webp', new Uint8Array([1]))).rejects.toMatchObject({ code: 'unavailable' })
  await expect(wrong.get('4/full.webp')).rejects.toMatchObject({ cause: { code: 'SignatureDoesNotMatch' } })
  const gone = openS3Store({ ...keys, bucket: 'shop', endpoint: 'http://127.0.0.1:1' })
  await expect(gone.get('4/full.webp')).rejects.toMatchObject({ code: 'unavailable' })
})

test('a bucket without keys stops the start with one line', () => {
  expect(() => openPictureStore(readConfig({ S3_BUCKET: 'shop' }))).toThrow(/^Bad configuration: S3_BUCKET needs/)
})

describe('the service with S3_BUCKET', () => {
  let db: TestDatabase
  beforeAll(async () => {
    db = await openTestDatabase()
  })
  afterAll(() => db.close())

  test('uploads to the bucket and serves from it, below PUBLIC_URL', async () => {
    const server = await spawnApi({
      DATABASE_URL: db.url,
      S3_BUCKET: 'market',
      S3_ENDPOINT: s3.url,
      S3_REGION: keys.region,
      S3_ACCESS_KEY_ID: keys.access_key_id,
      S3_SECRET_ACCESS_KEY: keys.secret_access_key,
      PUBLIC_URL: 'https://market.example/',
    })
    const api = openApi(server.url)
    const account = { email: 'ann@example.com', password: 'correct horse battery' }
    expectStatus(await api('POST', '/v1/users', { body: { ...account, display_name: 'Ann' } }), 201)
    const { token } = expectStatus(await api<Session>('POST', '/v1/sessions', { body: account }), 201)
    const upload = { raw: new Uint8Array(drawPng()), headers: { 'Content-Type': 'image/png' }, token }
    const { url } = expectStatus(await api<Picture>('POST', '/v1/pictures', upload), 201)
    const path = url.replace('https://market.example', '')
    const served = await fetch(server.url + path)
    expect(served.status).toBe(200)
    const stored = s3.objects.get(`market${path}`)
    expect(Buffer.from(await served.arrayBuffer())).toEqual(Buffer.from(stored?.bytes as Uint8Array))
    expect([...s3.objects.keys()].filter((key) => key.startsWith('market/'))).toHaveLength(3)
    await server.stop()
  })
})
