import { invalidInput, Problem } from '../problem.ts'

/** The sizes that each picture is kept in: the side of the square that it fits in, in pixels. Nothing is enlarged. */
export const SIDES = { full: 2000, medium: 600, small: 200 } as const
export type Size = keyof typeof SIDES
/** Of WebP. Larger than needed to tell from the original by eye, a third of a JPEG of the same look. */
export const QUALITY = { full: 85, medium: 80, small: 80 } as const

/** All files of a picture, as WebP without any metadata, and the size of the largest in pixels. */
export type EncodedPicture = { files: Record<Size, Uint8Array>; width: number; height: number }

/** Whose picture it is, whether it takes long to decode, and what aborts when nobody waits for it any more. */
export type SentPicture = { bytes: Uint8Array; owner: number; is_slow: boolean; signal: AbortSignal }

export type PictureCodec = {
  /** Decodes, turns upright and encodes anew. Throws 422 for what cannot be decoded, 503 when too many are at it, 408 when `signal` aborts. */
  encode: (picture: SentPicture) => Promise<EncodedPicture>
}

/** The largest picture that is decoded: that of a 48 megapixel phone. A lossless WebP of these takes 460 MB of memory and over a second; container.ts calls it slow. */
export const MAX_PIXELS = 50_000_000

const REASONS = {
  'too many pixels': `has more than ${MAX_PIXELS / 1_000_000} million pixels`,
  broken: 'cannot be decoded',
  'unknown format': 'must be a JPEG, PNG or WebP',
}

/** The 422 for what is no picture that we take. */
export function refusePicture(reason: keyof typeof REASONS): Problem {
  return invalidInput([{ pointer: '#', detail: REASONS[reason] }])
}

/** What ends the work for a client that has gone; the log alone sees it. */
export function clientIsGone(): Problem {
  return new Problem('request_timeout', 'The client closed the connection.')
}
