/**
 * What the container of a picture says before anything is decoded: its format, whether it is whole, and whether it moves.
 * Decoders are lenient where a shop is not: libjpeg fills what is missing of a truncated JPEG with grey, and every decoder
 * takes the first frame of an animation.
 */

export type PictureType = 'image/jpeg' | 'image/png' | 'image/webp'

const NAMES: Record<PictureType, string> = { 'image/jpeg': 'JPEG', 'image/png': 'PNG', 'image/webp': 'WebP' }
const PNG_SIGNATURE = '\x89PNG\r\n\x1a\n'

/** Why these bytes are no picture of the declared type, in words that follow "The picture"; null where they are one. */
export function whyNoPicture(bytes: Uint8Array, declared: string): string | null {
  if (bytes.byteLength === 0) return 'is empty'
  const type = sniff(bytes)
  if (type === null) return 'is no JPEG, PNG or WebP'
  if (type !== declared) return `is a ${NAMES[type]}, but its Content-Type says ${declared.slice(0, 50)}`
  const { is_whole, is_animated } = readers[type](bytes)
  if (is_animated) return 'is animated; send a still picture'
  return is_whole ? null : 'is truncated'
}

function sniff(bytes: Uint8Array): PictureType | null {
  if (bytes[0] === 0xff && bytes[1] === 0xd8 && bytes[2] === 0xff) return 'image/jpeg'
  if (latin1(bytes, 0, 8) === PNG_SIGNATURE) return 'image/png'
  if (latin1(bytes, 0, 4) === 'RIFF' && latin1(bytes, 8, 4) === 'WEBP') return 'image/webp'
  return null
}

type Contents = { is_whole: boolean; is_animated: boolean }

const readers: Record<PictureType, (bytes: Uint8Array) => Contents> = {
  'image/jpeg': (bytes) => ({ is_whole: reachesEndOfJpeg(bytes), is_animated: false }),
  'image/png': readPng,
  'image/webp': readWebp,
}

/** Whether there is an end marker after the scans (ITU T.81, annex B). Cameras append other things after it. */
function reachesEndOfJpeg(bytes: Uint8Array): boolean {
  let at = 2
  let in_scan = false
  while (at + 1 < bytes.length) {
    const marker = bytes[at + 1] as number
    if (bytes[at] !== 0xff) {
      if (!in_scan) return false
      // The next marker of the entropy-coded data, which writes a 0xff of its own as 0xff 0x00.
      at = bytes.indexOf(0xff, at)
      if (at === -1) return false
    } else if (marker === 0xd9) return true
    else if (marker === 0xff) at += 1
    else if (marker === 0x00 || (marker >= 0xd0 && marker <= 0xd7)) at += 2
    else {
      in_scan = marker === 0xda
      at += 2 + (((bytes[at + 2] ?? 0) << 8) | (bytes[at + 3] ?? 0))
    }
  }
  return false
}

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
