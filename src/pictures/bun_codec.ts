/** Pictures by Bun's own codecs, which work on threads of their own: calls are answered meanwhile. */
import { limitConcurrency } from '../limits/concurrency.ts'
import { invalidInput } from '../problem.ts'
import { type EncodedPicture, MAX_PIXELS, type PictureCodec, SIDES, type Size } from './codec.ts'

/** Each keeps a core and up to 200 MB busy. */
const MAX_RUNNING = 2
/** About ten seconds of the largest pictures; who comes after that is better told to come back. */
const MAX_WAITING = 16
/** Larger than needed to tell from the original by eye, a third of a JPEG of the same look. */
const QUALITY = { full: 85, medium: 80, small: 80 } as const

export function openBunCodec(): PictureCodec {
  const inTurn = limitConcurrency(MAX_RUNNING, MAX_WAITING, 'Too many pictures at once.')
  return { encode: (bytes) => inTurn(() => encode(bytes)) }
}

async function encode(bytes: Uint8Array): Promise<EncodedPicture> {
  try {
    const full = await scale(bytes, 'full')
    // The small ones are made of the large one: the original is decoded once.
    const [medium, small] = await Promise.all([scale(full, 'medium'), scale(full, 'small')])
    const { width, height } = await new Bun.Image(full).metadata()
    return { files: { full, medium, small }, width, height }
  } catch (error) {
    throw toRefusal(error)
  }
}

/** Bytes, never a path: Bun.Image would read any file that a string names. */
function scale(bytes: Uint8Array, size: Size): Promise<Uint8Array> {
  return new Bun.Image(bytes, { maxPixels: MAX_PIXELS })
    .resize(SIDES[size], SIDES[size], { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: QUALITY[size] })
    .bytes()
}

/** What each of Bun.Image's codes means to who sent the picture; any other error is ours. */
const REASONS: Record<string, string> = {
  ERR_IMAGE_TOO_MANY_PIXELS: `has more than ${MAX_PIXELS / 1_000_000} million pixels`,
  ERR_IMAGE_DECODE_FAILED: 'cannot be decoded',
  ERR_IMAGE_UNKNOWN_FORMAT: 'is no JPEG, PNG or WebP',
  ERR_IMAGE_FORMAT_UNSUPPORTED: 'is no JPEG, PNG or WebP',
}

function toRefusal(error: unknown): unknown {
  const reason = REASONS[(error as { code?: string }).code ?? '']
  return reason ? invalidInput([{ pointer: '#', detail: reason }]) : error
}
