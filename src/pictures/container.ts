/**
 * What the container of a picture says before anything is decoded: its format, whether it is whole, and whether it moves.
 * Decoders are lenient where a shop is not: libjpeg fills what is missing of a truncated JPEG with grey, and every decoder
 * takes the first frame of an animation.
 */

export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp'

const NAMES: Record<PictureType, string> = { 'image/jpeg': 'JPEG', 'image/png': 'PNG', 'image/webp': 'WebP' }
const PNG_SIGNATURE = '\x89PNG\r\n\x1a\n'

/** Usual encoders write 1 or about 10. A decoder works through all pixels for each: 280,000 empty ones fit in 20 MiB, and take an hour. */
const MAX_SCANS = 64
/** What takes longer than a second, beside which nobody should wait: pixels times scans of a JPEG. A phone's photo has 50 to 120 million. */
const SLOW_FROM_PIXELS = 150_000_000

/** What is wrong, in words that follow "The picture", or null; and whether decoding takes long for what it is. */
export type Inspection = { wrong: string | null; is_slow: boolean }

/** Looks whether these bytes are a picture of the declared type. */
export function inspectPicture(bytes: Uint8Array, declared: string): Inspection {
  const refuse = (wrong: string): Inspection => ({ wrong, is_slow: false })
  if (bytes.byteLength === 0) return refuse('is empty')
  const type = sniff(bytes)
  if (type === null) return refuse('is no JPEG, PNG or WebP')
  if (type !== declared) return refuse(`is a ${NAMES[type]}, but its Content-Type says ${declared.slice(0, 50)}`)
  const { is_whole, is_animated, scans = 1, pixels = 0 } = readers[type](bytes)
  if (is_animated) return refuse('is animated; send a still picture')
  if (scans > MAX_SCANS) return refuse(`has more than ${MAX_SCANS} scans; save it anew, without so many passes`)
  return is_whole ? { wrong: null, is_slow: pixels * scans > SLOW_FROM_PIXELS } : refuse('is truncated')
}

function sniff(bytes: Uint8Array): PictureType | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg'
  if (latin1(bytes, 0, 8) === PNG_SIGNATURE) return 'image/png'
  if (latin1(bytes, 0, 4) === 'RIFF' && latin1(bytes, 8, 4) === 'WEBP') return 'image/webp'
  return null
}

/** A JPEG says besides how many times its pixels are worked through. */
type Contents = { is_whole: boolean; is_animated: boolean; scans?: number; pixels?: number }

const readers: Record<PictureType, (bytes: Uint8Array) => Contents> = {
  'image/jpeg': readJpeg,
  'image/png': readPng,
  'image/webp': readWebp,
}

/** The markers of a JPEG (ITU T.81, annex B). It is whole when it has an end marker, after which cameras append other things. */
function readJpeg(bytes: Uint8Array): Contents {
  const contents = { is_whole: false, is_animated: false, scans: 0, pixels: 0 }
  let at = 2
  let in_scan = false
  while (at + 1 < bytes.length) {
    const marker = bytes[at + 1] as number
    if (bytes[at] !== 0xff) {
      if (!in_scan) return contents
      // The next marker of the entropy-coded data, which writes a 0xff of its own as 0xff 0x00.
      at = bytes.indexOf(0xff, at)
      if (at === -1) return contents
    } else if (marker === 0xd9) return { ...contents, is_whole: true }
    else if (marker === 0xff) at += 1
    else if (hasNoLength(marker)) at += 2
    else {
      in_scan = marker === 0xda
      if (in_scan) contents.scans++
      if (isFrameHeader(marker)) contents.pixels = Math.max(contents.pixels, uint16(bytes, at + 5) * uint16(bytes, at + 7))
      at += 2 + uint16(bytes, at + 2)
    }
  }
  return contents
}

/** Stuffed zeros, TEM and RSTm: what a decoder skips as two bytes, so that no scan hides behind a length that is none. */
const hasNoLength = (marker: number) => marker <= 0x01 || (marker >= 0xd0 && marker <= 0xd7)
/** SOFn, but for DHT, JPG and DAC among them. */
const isFrameHeader = (marker: number) => marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
const uint16 = (bytes: Uint8Array, at: number) => ((bytes[at] ?? 0) << 8) | (bytes[at + 1] ?? 0)

/** PNG, third edition: acTL makes an APNG of it, IEND ends it. */
function readPng(bytes: Uint8Array): Contents {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  let is_animated = false
  for (let at = 8; at + 12 <= bytes.length; at += 12 + view.getUint32(at)) {
    const type = latin1(bytes, at + 4, 4)
    if (type === 'acTL') is_animated = true
    if (type === 'IEND') return { is_whole: true, is_animated }
  }
  return { is_whole: false, is_animated }
}

/** RFC 9649: the RIFF header has the length of the rest, ANIM makes an animation of it. */
function readWebp(bytes: Uint8Array): Contents {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const end = bytes.length >= 12 ? 8 + view.getUint32(4, true) : Infinity
  let is_animated = false
  for (let at = 12; at + 8 <= Math.min(end, bytes.length); ) {
    if (latin1(bytes, at, 4) === 'ANIM') is_animated = true
    const size = view.getUint32(at + 4, true)
    at += 8 + size + (size % 2)
  }
  return { is_whole: end <= bytes.length, is_animated }
}

function latin1(bytes: Uint8Array, at: number, length: number): string {
  return String.fromCharCode(...bytes.subarray(at, at + length))
}
