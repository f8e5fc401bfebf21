import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import type { Answer } from '../../../test/support/client.ts'
import {
  animateWebp,
  drawJpeg,
  drawPng,
  drawWebp,
  GPS_MARK,
  pngChunk,
  repeatLastScan,
  withExif,
} from '../../../test/support/pictures.ts'
import type { Page, Picture, Product } from '../../../test/support/responses.ts'
import { startServer } from '../../../test/support/server.ts'
import { listItem, makeSeller, readAllPages, type Shopper, signUp } from '../../../test/support/shopper.ts'
import type { Pool } from '../../platform/db/client.ts'

const { url: server, api, sql } = await startServer()

const send = (who: Shopper, bytes: Uint8Array, type = 'image/png'): Promise<Answer<Picture>> =>
  who.call<Picture>('POST', '/v1/pictures', { raw: new Uint8Array(bytes), headers: { 'Content-Type': type } })
const upload = async (who: Shopper, bytes: Uint8Array, type?: string) => expectStatus(await send(who, bytes, type), 201)

async function fetchBytes(url: string): Promise<Buffer> {
  const response = await fetch(url)
  expect(response.status).toBe(200)
  return Buffer.from(await response.arrayBuffer())
}
const sizeOf = async (url: string) => {
  const { width, height, format } = await new Bun.Image(await fetchBytes(url)).metadata()
  return { width, height, format }
}

describe('an upload', () => {
  test.each([
    ['image/jpeg', drawJpeg],
    ['image/png', async (drawing: object) => drawPng(drawing)],
    ['image/webp', drawWebp],
  ] as const)('of %s becomes WebP in three sizes, none enlarged', async (type, draw) => {
    const who = await signUp()
    const answer = await send(who, await draw({ width: 3000, height: 1500 }), type)
    const picture = expectStatus(answer, 201)
    expect(answer.headers.get('location')).toBe(`/v1/pictures/${picture.id}`)
    expect(picture).toMatchObject({ width: 2000, height: 1000 })
    expect(await sizeOf(picture.url)).toEqual({ width: 2000, height: 1000, format: 'webp' })
    expect(await sizeOf(picture.thumbnails.medium)).toEqual({ width: 600, height: 300, format: 'webp' })
    expect(await sizeOf(picture.thumbnails.small)).toEqual({ width: 200, height: 100, format: 'webp' })
    const small = await upload(who, await draw({ width: 40, height: 20 }), type)
    for (const url of [small.url, small.thumbnails.medium]) expect(await sizeOf(url)).toMatchObject({ width: 40, height: 20 })
  })

  test('removes place and camera, and turns the picture upright', async () => {
    const plain = await drawJpeg()
    const taken = withExif(plain, 6)
    expect(Buffer.from(taken).includes(GPS_MARK)).toBe(true)
    const who = await signUp()
    const picture = await upload(who, taken, 'image/jpeg')
    expect(picture).toMatchObject({ width: 20, height: 40 })
    const files = await Promise.all([picture.url, picture.thumbnails.medium, picture.thumbnails.small].map(fetchBytes))
    for (const file of files) {
      for (const mark of [GPS_MARK, 'Exif', 'EXIF', 'XMP ']) expect(file.includes(mark)).toBe(false)
    }
    // Turned right by hand, the picture is the same to the last pixel.
    const turned = await new Bun.Image(plain).rotate(90).png().bytes()
    expect(files[0]).toEqual(await fetchBytes((await upload(who, turned)).url))
  })

  test('of the same bytes by the same user is the same picture; by another user it is another', async () => {
    const [ann, bo] = [await signUp(), await signUp()]
    const bytes = drawPng()
    const both = await Promise.all([send(ann, bytes), send(ann, bytes)])
    expect(new Set(both.map((answer) => answer.text)).size).toBe(1)
    const again = await send(ann, bytes)
    expect(expectStatus(again, 200)).toEqual(both[0]?.body as Picture)
    expect((await upload(bo, bytes)).url).not.toBe(again.body.url)
    const { items } = expectStatus(await ann.call<Page<Picture>>('GET', '/v1/pictures'), 200)
    expect(items).toEqual([again.body])
  })

  test('needs a session', async () => {
    const headers = { 'Content-Type': 'image/png' }
    expectProblem(await api('POST', '/v1/pictures', { raw: new Uint8Array(drawPng()), headers }), 401, 'unauthorized')
  })
})

const webp = await drawWebp()
const jpeg = await drawJpeg({ width: 640, height: 480 })
/** Of ten scans. */
const progressive = await new Bun.Image(jpeg).jpeg({ progressive: true }).bytes()

describe('a refusal', () => {
  const svg = Buffer.from('<svg xmlns="http://www.w3.org/2000/svg"><script>alert(1)</script></svg>')
  const claim = (width: number, height: number) => drawPng({ width: 4, height: 4, claimed: { width, height } })
  const BAD: [name: string, bytes: Uint8Array, type: string, reason: RegExp][] = [
    ['a decompression bomb', claim(60_000, 60_000), 'image/png', /more than 50 million pixels/],
    ['a picture without pixels', claim(0, 10), 'image/png', /cannot be decoded/],
    ['fewer rows than it says', claim(4, 400), 'image/png', /cannot be decoded/],
    ['an SVG', svg, 'image/svg+xml', /must be a JPEG, PNG or WebP/],
    ['an SVG in disguise', svg, 'image/png', /must be a JPEG, PNG or WebP/],
    ['a GIF', Buffer.from('GIF89a\x01\0\x01\0\0\0\0;', 'latin1'), 'image/gif', /must be a JPEG, PNG or WebP/],
    ['a truncated JPEG', jpeg.subarray(0, jpeg.length / 2), 'image/jpeg', /is truncated/],
    ['a JPEG of 65 scans', repeatLastScan(progressive, 55), 'image/jpeg', /has more than 64 scans/],
    ['a truncated PNG', drawPng().subarray(0, -20), 'image/png', /is truncated/],
    ['a truncated WebP', webp.subarray(0, -20), 'image/webp', /is truncated/],
    ['an animated PNG', drawPng({ chunks: [pngChunk('acTL', new Uint8Array(8))] }), 'image/png', /is animated/],
    ['an animated WebP', animateWebp(webp), 'image/webp', /is animated/],
    ['a PNG that is declared as a JPEG', drawPng(), 'image/jpeg', /is a PNG, but its Content-Type says image\/jpeg/],
    ['garbage', crypto.getRandomValues(new Uint8Array(1000)), 'image/png', /must be a JPEG, PNG or WebP/],
    [
      'garbage behind a signature',
      Buffer.concat([drawPng().subarray(0, 33), drawPng().subarray(45)]),
      'image/png',
      /decoded|trunc/,
    ],
    ['nothing', new Uint8Array(), 'image/png', /is empty/],
  ]
  test.each(BAD)('of %s is 422 with the reason', async (_name, bytes, type, reason) => {
    const who = await signUp()
    const problem = expectProblem(await send(who, bytes, type), 422, 'invalid_input')
    expect(problem.errors).toEqual([{ pointer: '#', detail: expect.stringMatching(reason) }])
    expect(expectStatus(await who.call<Page<Picture>>('GET', '/v1/pictures'), 200).items).toEqual([])
  })

  test('of a body above 20 MiB is 413, with or without Content-Length', async () => {
    const who = await signUp()
    const large = new Uint8Array(20 * 1024 * 1024 + 1)
    expectProblem(await send(who, large), 413, 'payload_too_large')
    const stream = new ReadableStream({
      start: (controller) => {
        controller.enqueue(large)
        controller.close()
      },
    })
    const headers = { 'Content-Type': 'image/png' }
    expectProblem(await who.call('POST', '/v1/pictures', { raw: stream, headers }), 413, 'payload_too_large')
  })

  test('of a type that is not a picture is 415', async () => {
    const who = await signUp()
    for (const type of ['application/json', 'text/plain', 'image', 'application/octet-stream'])
      expectProblem(await send(who, drawPng(), type), 415, 'unsupported_media_type')
    expectProblem(await who.call('PATCH', '/v1/me', { raw: '{}', headers: { 'Content-Type': 'image/png' } }), 415)
  })
})

describe('a file', () => {
  test('can be cached forever by everyone, and contains only the picture', async () => {
    const { url } = await upload(await signUp(), drawPng())
    expect(url).toStartWith(`${server}/pictures/`)
    const answer = await fetch(url)
    const bytes = await answer.arrayBuffer()
    expect(Object.fromEntries(answer.headers)).toMatchObject({
      'cache-control': 'public, max-age=31536000, immutable',
      'content-type': 'image/webp',
      'x-content-type-options': 'nosniff',
    })
    const etag = answer.headers.get('etag') as string
    expect((await fetch(url, { headers: { 'If-None-Match': etag } })).status).toBe(304)
    const head = await fetch(url, { method: 'HEAD' })
    expect([head.status, head.headers.get('content-length')]).toEqual([200, String(bytes.byteLength)])
  })

  test('that is missing is 404, and an invalid name 422', async () => {
    const { url } = await upload(await signUp(), drawPng())
    const path = new URL(url).pathname
    const other = path.replace(/-[0-9a-f]/, (start) => (start === '-0' ? '-1' : '-0'))
    expectProblem(await api('GET', other), 404, 'not_found')
    for (const bad of ['/pictures/x/full.webp', path.replace('full', 'huge')])
      expectProblem(await api('GET', bad), 422, 'invalid_input')
    for (const bad of [path.replace('full.webp', '..%2Ffull.webp'), '/pictures/..%2f..%2f/full.webp'])
      expectProblem(await api('GET', bad), 404, 'not_found')
  })
})

/** These tests read the server's database, which only a server of this run exposes. */
describe.if(sql !== null)('in the database', () => {
  const db = sql as Pool

  test('an incomplete picture, or one in removal, is hidden', async () => {
    const who = await signUp()
    const { id, url, thumbnails } = await upload(who, drawPng())
    for (const unseen of [{ stored_at: null }, { stored_at: new Date(), removed_at: new Date() }]) {
      await db`update pictures set ${db(unseen)} where id = ${id}`
      for (const file of [url, thumbnails.small]) expectProblem(await api('GET', new URL(file).pathname), 404, 'not_found')
      expectProblem(await who.call('GET', `/v1/pictures/${id}`), 404, 'not_found')
      expect(expectStatus(await who.call<Page<Picture>>('GET', '/v1/pictures'), 200).items).toEqual([])
    }
  })

  test('the 2,001st of a day is 429 with Retry-After', async () => {
    const who = await signUp()
    await db`
      insert into pictures (owner_id, source_hash, content_hash, width, height, bytes)
      select ${who.id}, sha256(n::text::bytea), sha256(n::text::bytea), 1, 1, 1 from generate_series(1, 2000) n`
    const refused = await send(who, drawPng())
    expectProblem(refused, 429, 'too_many_pictures')
    expect(refused.headers.get('retry-after')).toBe('3600')
  })
})

test('own uploads are listed newest first, and only their owner can read them', async () => {
  const [ann, bo] = [await signUp(), await signUp()]
  const sent: Picture[] = []
  for (let n = 0; n < 3; n++) sent.unshift(await upload(ann, drawPng()))
  const read = (path: string) => ann.call<Page<Picture>>('GET', path)
  expect(await readAllPages(read, '/v1/pictures?limit=2')).toEqual(sent)
  const path = `/v1/pictures/${sent[0]?.id}`
  expect(expectStatus(await ann.call<Picture>('GET', path), 200)).toEqual(sent[0] as Picture)
  expectProblem(await bo.call('GET', path), 404, 'not_found')
  expect(expectStatus(await bo.call<Page<Picture>>('GET', '/v1/pictures'), 200).items).toEqual([])
})

test('a listing and a shop accept the URLs', async () => {
  const { seller, shop } = await makeSeller()
  const { url, thumbnails } = await upload(seller, drawPng())
  const product = await listItem(seller, shop, { images: [url, thumbnails.medium] })
  expect(expectStatus(await api<Product>('GET', `/v1/products/${product.id}`), 200).images).toEqual([url, thumbnails.medium])
  const changes = { body: { banner_url: url, logo_url: thumbnails.small } }
  expect(expectStatus(await seller.call('PATCH', `/v1/shops/${shop.id}`, changes), 200)).toMatchObject(changes.body)
})

test('every one of many concurrent uploads gets a picture, or 503 with Retry-After', async () => {
  const who = await signUp()
  const answers = await Promise.all(Array.from({ length: 40 }, () => send(who, drawPng({ width: 1500, height: 1500 }))))
  const refused = answers.filter((answer) => answer.status !== 201)
  // One picture of an owner is decoded and 16 wait: what comes while they do is refused, and on a slow machine what waits for long.
  expect(answers.length - refused.length).toBeGreaterThanOrEqual(1)
  for (const answer of refused) {
    expectProblem(answer, 503, 'unavailable')
    expect(answer.headers.get('retry-after')).toBe('1')
  }
}, 60_000)
