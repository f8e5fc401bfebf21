/** Real pictures for tests: PNGs made of chunks, and JPEG and WebP that Bun encodes from them. */
import { crc32, deflateSync } from 'node:zlib'

type Drawing = {
  width?: number
  height?: number
  /** Chunks between the header and the data. */
  chunks?: Uint8Array[]
  /** A false size for the header. */
  claimed?: { width: number; height: number }
}

let drawn = 0

/** Returns a PNG with a red left half and a blue right half. Its first pixel is a counter, so every PNG is different. */
export function drawPng({ width = 40, height = 20, chunks = [], claimed }: Drawing = {}): Uint8Array {
  const rows = Buffer.alloc((width * 3 + 1) * height)
  for (let y = 0; y < height; y++) {
    for (let x = 0; x < width; x++) rows[y * (width * 3 + 1) + 1 + x * 3 + (x < width / 2 ? 0 : 2)] = 255
  }
  drawn++
  for (let byte = 0; byte < 3 && byte + 1 < rows.length; byte++) rows[1 + byte] = (drawn >> (8 * byte)) & 255
  const header = Buffer.alloc(13)
  header.writeUInt32BE(claimed?.width ?? width, 0)
  header.writeUInt32BE(claimed?.height ?? height, 4)
  // 8 bits a channel, RGB.
  header.set([8, 2], 8)
  const signature = Buffer.from('\x89PNG\r\n\x1a\n', 'latin1')
  return Buffer.concat([
    signature,
    pngChunk('IHDR', header),
    ...chunks,
    pngChunk('IDAT', deflateSync(rows)),
    pngChunk('IEND', Buffer.alloc(0)),
  ])
}

export function pngChunk(type: string, data: Uint8Array): Buffer {
  const chunk = Buffer.alloc(12 + data.length)
  chunk.writeUInt32BE(data.length, 0)
  chunk.write(type, 4, 'latin1')
  chunk.set(data, 8)
  chunk.writeUInt32BE(crc32(chunk.subarray(4, 8 + data.length)), 8 + data.length)
  return chunk
}

export const drawJpeg = (drawing?: Drawing): Promise<Uint8Array> => new Bun.Image(drawPng(drawing)).jpeg({ quality: 95 }).bytes()
export const drawWebp = (drawing?: Drawing): Promise<Uint8Array> => new Bun.Image(drawPng(drawing)).webp({ quality: 95 }).bytes()

/** Adds `times` copies of the last scan to a JPEG, each after `before`. A decoder processes all pixels for each copy. */
export function repeatLastScan(jpeg: Uint8Array, times: number, before: Uint8Array = new Uint8Array()): Uint8Array {
  const end = jpeg.length - 2
  const scan = jpeg.subarray(Buffer.from(jpeg).lastIndexOf(Buffer.from([0xff, 0xda])), end)
  const repeated = Array.from({ length: times }, () => [before, scan]).flat()
  return Buffer.concat([jpeg.subarray(0, end), ...repeated, jpeg.subarray(end)])
}

/** The location in a picture's metadata, as bytes that a test can search for. */
export const GPS_MARK = 'N 52.5163 E 13.3777'

/** Adds an Exif segment with an orientation (6: turn right) and a GPS directory to a JPEG (TIFF 6.0, Exif 2.32). */
export function withExif(jpeg: Uint8Array, orientation: number): Uint8Array {
  const tiff = Buffer.alloc(56)
  tiff.write('II*\0', 0, 'latin1')
  tiff.writeUInt32LE(8, 4)
  tiff.writeUInt16LE(2, 8)
  writeEntry(tiff, 10, { tag: 0x0112, type: 3, count: 1, value: orientation })
  writeEntry(tiff, 22, { tag: 0x8825, type: 4, count: 1, value: 38 })
  tiff.writeUInt16LE(1, 38)
  // GPSMapDatum is free text. Its bytes follow the directory.
  writeEntry(tiff, 40, { tag: 0x0012, type: 2, count: GPS_MARK.length + 1, value: 56 })
  const segment = Buffer.concat([Buffer.from('Exif\0\0', 'latin1'), tiff, Buffer.from(`${GPS_MARK}\0`)])
  const head = Buffer.from([0xff, 0xe1, (segment.length + 2) >> 8, (segment.length + 2) & 255])
  return Buffer.concat([jpeg.subarray(0, 2), head, segment, jpeg.subarray(2)])
}

function writeEntry(tiff: Buffer, at: number, entry: { tag: number; type: number; count: number; value: number }): void {
  tiff.writeUInt16LE(entry.tag, at)
  tiff.writeUInt16LE(entry.type, at + 2)
  tiff.writeUInt32LE(entry.count, at + 4)
  tiff.writeUInt32LE(entry.value, at + 8)
}

/** Makes an animated WebP of one frame from a still WebP (RFC 9649). */
export function animateWebp(still: Uint8Array): Uint8Array {
  const flags = Buffer.from([0x02, 0, 0, 0, 39, 0, 0, 19, 0, 0])
  const frame = Buffer.concat([Buffer.from([0, 0, 0, 0, 0, 0, 39, 0, 0, 19, 0, 0, 100, 0, 0, 0]), still.subarray(12)])
  const parts = [riffChunk('VP8X', flags), riffChunk('ANIM', Buffer.alloc(6)), riffChunk('ANMF', frame)]
  return riffChunk('RIFF', Buffer.concat([Buffer.from('WEBP'), ...parts]))
}

function riffChunk(name: string, data: Uint8Array): Buffer {
  const head = Buffer.alloc(8)
  head.write(name, 0, 'latin1')
  head.writeUInt32LE(data.length, 4)
  return Buffer.concat([head, data, Buffer.alloc(data.length % 2)])
}
