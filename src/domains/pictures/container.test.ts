import { describe, expect, test } from 'bun:test'
import { animateWebp, drawJpeg, drawPng, drawWebp, pngChunk, repeatLastScan, withExif } from '../../../test/support/pictures.ts'
import { inspectPicture } from './container.ts'

const whyNoPicture = (bytes: Uint8Array, type: string) => inspectPicture(bytes, type).wrong

const drawing = { width: 300, height: 200 }
const whole = [
  ['image/jpeg', await drawJpeg(drawing)],
  ['image/png', drawPng(drawing)],
  ['image/webp', await drawWebp(drawing)],
] as const

describe.each(whole)('%s', (type, bytes) => {
  test('a complete file is a picture', () => {
    expect(whyNoPicture(bytes, type)).toBeNull()
  })

  test('with bytes after its end, as cameras and tools write them', () => {
    expect(whyNoPicture(Buffer.concat([bytes, Buffer.from('and a short film')]), type)).toBeNull()
  })

  test('is truncated wherever it ends early', () => {
    for (let length = 12; length < bytes.length; length += 1 + Math.floor(bytes.length / 500))
      expect([length, whyNoPicture(bytes.subarray(0, length), type)]).toEqual([length, 'is truncated'])
    expect(whyNoPicture(bytes.subarray(0, -1), type)).toBe('is truncated')
  })

  test('under another type', () => {
    const other = type === 'image/png' ? 'image/jpeg' : 'image/png'
    expect(whyNoPicture(bytes, other)).toMatch(/^is a (JPEG|PNG|WebP), but its Content-Type says image\//)
  })
})

test('a JPEG with Exif, and a progressive one of many scans, are whole', async () => {
  const jpeg = await drawJpeg(drawing)
  expect(whyNoPicture(withExif(jpeg, 6), 'image/jpeg')).toBeNull()
  const progressive = await new Bun.Image(jpeg).jpeg({ progressive: true }).bytes()
  expect(whyNoPicture(progressive, 'image/jpeg')).toBeNull()
  expect(whyNoPicture(progressive.subarray(0, -2), 'image/jpeg')).toBe('is truncated')
})

test('a JPEG of more than 64 scans is rejected, even if a marker without a length would hide them', async () => {
  const jpeg = await new Bun.Image(drawPng(drawing)).jpeg({ progressive: true }).bytes()
  // The encoder writes ten.
  expect(whyNoPicture(repeatLastScan(jpeg, 54), 'image/jpeg')).toBeNull()
  expect(whyNoPicture(repeatLastScan(jpeg, 55), 'image/jpeg')).toStartWith('has more than 64 scans')
  const TEM = Uint8Array.of(0xff, 0x01)
  expect(whyNoPicture(repeatLastScan(jpeg, 55, TEM), 'image/jpeg')).toStartWith('has more than 64 scans')
})

describe('20 MiB of empty parts', () => {
  const fill = (head: Uint8Array, part: Uint8Array) =>
    Buffer.alloc(20 * 1024 * 1024)
      .fill(part, head.length)
      .fill(head, 0, head.length)
  const text = (latin1: string) => Buffer.from(latin1, 'latin1')
  const riff = Buffer.concat([text('RIFF'), Buffer.from(Uint32Array.of(20 * 1024 * 1024 - 8).buffer), text('WEBP')])
  test.each([
    ['image/jpeg', fill(Uint8Array.of(0xff, 0xd8), Uint8Array.of(0xff, 0xe1, 0, 2))],
    ['image/png', fill(text('\x89PNG\r\n\x1a\n'), text('\0\0\0\0tEXt\0\0\0\0'))],
    ['image/webp', fill(riff, text('EXIF\0\0\0\0'))],
  ])('of %s are rejected after the first 10,000', (type, bytes) => {
    expect(whyNoPicture(bytes, type)).toStartWith('has more than 10000 parts')
  })

  test('a PNG in 5,000 pieces has no empty parts', () => {
    const chunks = Array.from({ length: 5000 }, () => pngChunk('tEXt', new Uint8Array()))
    expect(whyNoPicture(drawPng({ chunks }), 'image/png')).toBeNull()
  })
})

test('a PNG or WebP of more than 15 million pixels is slow, and a JPEG that cannot be read row by row', async () => {
  const large = { width: 4000, height: 3800 }
  const [png, smaller] = [drawPng(large), drawPng({ width: 4000, height: 3700 })]
  const isSlow = (bytes: Uint8Array, type: string) => inspectPicture(bytes, type).is_slow
  expect([isSlow(png, 'image/png'), isSlow(smaller, 'image/png')]).toEqual([true, false])
  const image = () => new Bun.Image(png)
  const lossless = await image().webp({ lossless: true }).bytes()
  for (const webp of [await image().webp({}).bytes(), lossless]) expect(isSlow(webp, 'image/webp')).toBe(true)
  expect(isSlow(await drawWebp({ width: 4000, height: 3700 }), 'image/webp')).toBe(false)
  expect(isSlow(await image().jpeg({}).bytes(), 'image/jpeg')).toBe(false)
  expect(isSlow(await image().jpeg({ progressive: true }).bytes(), 'image/jpeg')).toBe(true)
})

test('a JPEG is slow by its pixels and scans', async () => {
  const large = drawPng({ width: 4000, height: 3000 })
  const isSlow = async (bytes: Uint8Array) => inspectPicture(bytes, 'image/jpeg').is_slow
  expect(await isSlow(await new Bun.Image(large).jpeg({}).bytes())).toBe(false)
  const progressive = await new Bun.Image(large).jpeg({ progressive: true }).bytes()
  expect(await isSlow(progressive)).toBe(false)
  expect(await isSlow(repeatLastScan(progressive, 3))).toBe(true)
})

test('recognizes animations', () => {
  const animation = [pngChunk('acTL', new Uint8Array(8))]
  expect(whyNoPicture(drawPng({ chunks: animation }), 'image/png')).toStartWith('is animated')
  expect(whyNoPicture(animateWebp(whole[2][1]), 'image/webp')).toStartWith('is animated')
})

test('recognizes bytes that are not a picture', () => {
  for (const text of ['<svg xmlns="http://www.w3.org/2000/svg"/>', 'GIF89a and more', '\xff\xd8', 'BM', 'RIFF....WAVE'])
    expect(whyNoPicture(Buffer.from(text, 'latin1'), 'image/jpeg')).toBe('must be a JPEG, PNG or WebP')
  expect(whyNoPicture(new Uint8Array(), 'image/jpeg')).toBe('is empty')
})

test('reads any bytes after a signature to their end, and no further', () => {
  const heads = [
    Buffer.from([0xff, 0xd8, 0xff]),
    Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'),
    Buffer.from('RIFF\xff\xff\xff\xffWEBP', 'latin1'),
  ]
  for (const head of heads) {
    for (let length = 0; length < 300; length++) {
      const bytes = Buffer.concat([head, crypto.getRandomValues(new Uint8Array(length))])
      const why = whyNoPicture(bytes, 'image/png')
      expect(why === null || typeof why === 'string').toBe(true)
    }
  }
})
