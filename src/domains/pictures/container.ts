/**
 * What the container of a picture says before anything is decoded: its format, whether it is whole, and whether it moves.
 * Decoders are lenient where a shop is not: libjpeg fills what is missing of a truncated JPEG with grey, and every decoder
 * takes the first frame of an animation.
 */

export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp'

const NAMES: Record<PictureType, string> = { 'image/jpeg': 'JPEG', 'image/png': 'PNG', 'image/webp': 'WebP' }

/** Four letters as the number that they are in a file: reading them as text costs a second for all that fit in 20 MiB. */
const letters = (text: string) => Buffer.from(text, 'latin1').readUInt32BE()
const [VP8, VP8L, VP8X] = ['VP8 ', 'VP8L', 'VP8X'].map(letters)
const PNG_SIGNATURE = [0x89504e47, 0x0d0a1a0a]
const [RIFF, WEBP, ANIM, ACTL, IEND, IHDR] = ['RIFF', 'WEBP', 'ANIM', 'acTL', 'IEND', 'IHDR'].map(letters)

/** Segments of a JPEG, chunks of a PNG or WebP. A PNG of 20 MiB in pieces of 4 KiB has half as many; two million empty ones fit in 20 MiB. */
const MAX_PARTS = 10_000

/** Usual encoders write 1 or about 10. A decoder works through all pixels for each: 280,000 empty ones fit in 20 MiB, and take an hour. */
const MAX_SCANS = 64
/**
 * What takes long or more than 170 MB of memory, beside which nobody should wait: a picture whose pixels are all held at once, from so many,
 * or from so many pixels times scans. A JPEG of one scan is read row by row: one of 50 million pixels takes 110 MB.
 */
const SLOW_FROM = { pixels: 15_000_000, pixels_times_scans: 150_000_000 }

/** What is wrong, in words that follow "The picture", or null; and whether decoding takes long for what it is. */
export type Inspection = { wrong: string | null; is_slow: boolean }

/** Looks whether these bytes are a picture of the declared type. */
export function inspectPicture(bytes: Uint8Array, declared: string): Inspection {
  const refuse = (wrong: string): Inspection => ({ wrong, is_slow: false })
  if (bytes.byteLength === 0) return refuse('is empty')
  const type = sniff(bytes)
  if (type === null) return refuse('must be a JPEG, PNG or WebP')
  if (type !== declared) return refuse(`is a ${NAMES[type]}, but its Content-Type says ${declared.slice(0, 50)}`)
  const contents = readers[type](new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const { is_whole, is_animated, parts, scans } = contents
  if (parts > MAX_PARTS) return refuse(`has more than ${MAX_PARTS} parts; save it anew`)
  if (is_animated) return refuse('is animated; send a still picture')
  if (scans > MAX_SCANS) return refuse(`has more than ${MAX_SCANS} scans; save it anew, without so many passes`)
  return is_whole ? { wrong: null, is_slow: isSlow(contents) } : refuse('is truncated')
}

function isSlow({ pixels, scans, is_by_rows }: Contents): boolean {
  if (is_by_rows && scans === 1) return false
  return pixels > SLOW_FROM.pixels || pixels * scans > SLOW_FROM.pixels_times_scans
}

function sniff(bytes: Uint8Array): PictureType | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg'
  if (bytes.length < 12) return null
  const view = new DataView(bytes.buffer, bytes.byteOffset, 12)
  if (PNG_SIGNATURE.every((half, n) => view.getUint32(4 * n) === half)) return 'image/png'
  return view.getUint32(0) === RIFF && view.getUint32(8) === WEBP ? 'image/webp' : null
}

/**
 * What was read until the end, or until there were too many parts. `scans` says how many times the pixels are worked through. `is_by_rows`
 * says that a single scan needs no more memory than some rows. `pixels` are those of the largest header, if there are several.
 */
type Contents = { is_whole: boolean; is_animated: boolean; parts: number; scans: number; is_by_rows: boolean; pixels: number }

const readers: Record<PictureType, (view: DataView) => Contents> = {
  'image/jpeg': readJpeg,
  'image/png': readPng,
  'image/webp': readWebp,
}

/** The markers of a JPEG (ITU T.81, annex B). It is whole when it has an end marker, after which cameras append other things. */
function readJpeg(view: DataView): Contents {
  const contents = { is_whole: false, is_animated: false, parts: 0, scans: 0, is_by_rows: true, pixels: 0 }
  let in_scan = false
  for (let at = 2; at + 1 < view.byteLength && contents.parts <= MAX_PARTS; ) {
    const marker = view.getUint8(at + 1)
    if (view.getUint8(at) !== 0xff) {
      if (!in_scan) return contents
      // The next marker of the entropy-coded data, which writes a 0xff of its own as 0xff 0x00.
      at++
    } else if (marker === 0xd9) return { ...contents, is_whole: true }
    else if (marker === 0xff) at += 1
    else if (hasNoLength(marker)) at += 2
    else {
      contents.parts++
      in_scan = marker === 0xda
      if (in_scan) contents.scans++
      if (isFrameHeader(marker)) {
        contents.pixels = Math.max(contents.pixels, uint16(view, at + 5) * uint16(view, at + 7))
        contents.is_by_rows &&= isSequential(marker)
      }
      at += 2 + uint16(view, at + 2)
    }
  }
  return contents
}

/** Stuffed zeros, TEM and RSTm: what a decoder skips as two bytes, so that no scan hides behind a length that is none. */
const hasNoLength = (marker: number) => marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7)
/** SOFn, but for DHT, JPG and DAC among them. */
const isFrameHeader = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
/** SOF0 and SOF1. */
const isSequential = (marker: number) => marker <= 0xc1
/** 0 beyond the end. */
const uint16 = (view: DataView, at: number) => (at + 2 <= view.byteLength ? view.getUint16(at) : 0)

/** PNG, third edition: acTL makes an APNG of it, IEND ends it. */
function readPng(view: DataView): Contents {
  const contents = { is_whole: false, is_animated: false, parts: 0, scans: 1, is_by_rows: false, pixels: 0 }
  for (let at = 8; at + 12 <= view.byteLength && contents.parts <= MAX_PARTS; at += 12 + view.getUint32(at)) {
    contents.parts++
    const type = view.getUint32(at + 4)
    if (type === IHDR && at + 16 <= view.byteLength)
      contents.pixels = Math.max(contents.pixels, view.getUint32(at + 8) * view.getUint32(at + 12))
    if (type === ACTL) contents.is_animated = true
    if (type === IEND) return { ...contents, is_whole: true }
  }
  return contents
}

/** RFC 9649: the RIFF header has the length of the rest, ANIM makes an animation of it. */
function readWebp(view: DataView): Contents {
  const end = 8 + view.getUint32(4, true)
  const contents = { is_whole: end <= view.byteLength, is_animated: false, parts: 0, scans: 1, is_by_rows: false, pixels: 0 }
  for (let at = 12; at + 8 <= Math.min(end, view.byteLength) && contents.parts <= MAX_PARTS; ) {
    contents.parts++
    if (view.getUint32(at) === ANIM) contents.is_animated = true
    contents.pixels = Math.max(contents.pixels, readWebpPixels(view, at))
    const size = view.getUint32(at + 4, true)
    at += 8 + size + (size % 2)
  }
  return contents
}

/** Width times height by the header of this chunk: of a canvas, a lossy or a lossless picture. 0 for any other chunk. */
function readWebpPixels(view: DataView, at: number): number {
  if (at + 18 > view.byteLength) return 0
  const type = view.getUint32(at)
  const data = at + 8
  if (type === VP8) return (view.getUint16(data + 6, true) & 0x3fff) * (view.getUint16(data + 8, true) & 0x3fff)
  if (type === VP8L) {
    const sides = view.getUint32(data + 1, true)
    return ((sides & 0x3fff) + 1) * (((sides >> 14) & 0x3fff) + 1)
  }
  if (type !== VP8X) return 0
  const [width, height] = [view.getUint32(data + 3, true) >>> 8, view.getUint32(data + 6, true) >>> 8]
  return (width + 1) * (height + 1)
}
