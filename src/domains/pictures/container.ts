/**
 * Reads the container of a picture before decoding: its format, whether it is complete, and whether it is animated.
 * Decoders are too lenient: libjpeg fills a truncated JPEG with gray, and every decoder takes the first frame of an
 * animation.
 */

export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp'

const NAMES: Record<PictureType, string> = { 'image/jpeg': 'JPEG', 'image/png': 'PNG', 'image/webp': 'WebP' }

/** Four letters as their 32-bit number: comparing text would cost a second for the chunks that fit into 20 MiB. */
const letters = (text: string) => Buffer.from(text, 'latin1').readUInt32BE()
const [VP8, VP8L, VP8X] = ['VP8 ', 'VP8L', 'VP8X'].map(letters)
const PNG_SIGNATURE = [0x89504e47, 0x0d0a1a0a]
const [RIFF, WEBP, ANIM, ACTL, IEND, IHDR] = ['RIFF', 'WEBP', 'ANIM', 'acTL', 'IEND', 'IHDR'].map(letters)

/** JPEG segments, PNG or WebP chunks. A PNG of 20 MiB in chunks of 4 KiB has 5,000. Two million empty ones fit into 20 MiB. */
const MAX_PARTS = 10_000

/** Usual encoders write 1 or about 10. Each scan costs a pass over all pixels: 280,000 fit into 20 MiB and take an hour. */
const MAX_SCANS = 64
/**
 * From these sizes on, decoding is slow or takes over 170 MB: pixels of a picture that is decoded as a whole, or pixels times
 * scans. A JPEG of one scan is read row by row: 50 million pixels take 110 MB.
 */
const SLOW_FROM = { pixels: 15_000_000, pixels_times_scans: 150_000_000 }

/** The error as a predicate ("must be …"), or null, and whether decoding is slow. */
export type Inspection = { wrong: string | null; is_slow: boolean }

/** Checks that the bytes are a picture of the declared type. */
export function inspectPicture(bytes: Uint8Array, declared: string): Inspection {
  const refuse = (wrong: string): Inspection => ({ wrong, is_slow: false })
  if (bytes.byteLength === 0) return refuse('is empty')
  const type = sniff(bytes)
  if (type === null) return refuse('must be a JPEG, PNG or WebP')
  if (type !== declared) return refuse(`is a ${NAMES[type]}, but its Content-Type says ${declared.slice(0, 50)}`)
  const contents = readers[type](new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength))
  const { is_whole, is_animated, parts, scans } = contents
  if (parts > MAX_PARTS) return refuse(`has more than ${MAX_PARTS} parts; save it again`)
  if (is_animated) return refuse('is animated; send a still picture')
  if (scans > MAX_SCANS) return refuse(`has more than ${MAX_SCANS} scans; save it again with fewer passes`)
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
 * The result of reading the container to its end, or to too many parts. `scans` is the number of passes over the pixels.
 * `is_by_rows`: a scan needs memory for some rows only. `pixels` is that of the largest header.
 */
type Contents = { is_whole: boolean; is_animated: boolean; parts: number; scans: number; is_by_rows: boolean; pixels: number }

const readers: Record<PictureType, (view: DataView) => Contents> = {
  'image/jpeg': readJpeg,
  'image/png': readPng,
  'image/webp': readWebp,
}

/** Reads JPEG markers (ITU T.81, annex B). A complete JPEG has an end marker, and cameras append data after it. */
function readJpeg(view: DataView): Contents {
  const contents = { is_whole: false, is_animated: false, parts: 0, scans: 0, is_by_rows: true, pixels: 0 }
  let in_scan = false
  for (let at = 2; at + 1 < view.byteLength && contents.parts <= MAX_PARTS; ) {
    const marker = view.getUint8(at + 1)
    if (view.getUint8(at) !== 0xff) {
      if (!in_scan) return contents
      // Finds the next marker. Entropy-coded data escapes 0xff as 0xff 0x00.
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

/** Stuffed zeros, TEM and RSTm have no length. A decoder skips them as two bytes. */
const hasNoLength = (marker: number) => marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7)
/** SOFn, except DHT, JPG and DAC in the same range. */
const isFrameHeader = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
/** SOF0 and SOF1. */
const isSequential = (marker: number) => marker <= 0xc1
/** Returns 0 beyond the end. */
const uint16 = (view: DataView, at: number) => (at + 2 <= view.byteLength ? view.getUint16(at) : 0)

/** PNG, third edition: acTL marks an APNG, IEND is the end. */
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

/** RFC 9649: the RIFF header has the length of the rest, ANIM marks an animation. */
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

/** Width times height in the header of a canvas, lossy or lossless chunk. 0 for other chunks. */
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
