import { invalidInput, Problem } from '../problem.ts'

/** The stored sizes: the side of the enclosing square in pixels. Smaller pictures are not enlarged. */
export const SIDES = { full: 2000, medium: 600, small: 200 } as const
export type Size = keyof typeof SIDES
/** WebP quality. There is no visible difference to the original, at a third of the size of a similar JPEG. */
export const QUALITY = { full: 85, medium: 80, small: 80 } as const

/** The files of a picture as WebP without metadata, and the size of the largest in pixels. */
export type EncodedPicture = { files: Record<Size, Uint8Array>; width: number; height: number }

/** An uploaded picture and its owner's id. `is_slow` means that decoding takes long. `signal` aborts if the client is gone. */
export type SentPicture = { bytes: Uint8Array; owner: number; is_slow: boolean; signal: AbortSignal }

export type PictureCodec = {
  /** Decodes, turns upright and encodes. Throws 422 if the picture is invalid, 503 if too many wait, 408 if `signal` aborts. */
  encode: (picture: SentPicture) => Promise<EncodedPicture>
}

/** A picture of a 48-megapixel phone fits. A lossless WebP of this size takes 460 MB and over a second, so it is `is_slow`. */
export const MAX_PIXELS = 50_000_000

const REASONS = {
  'too many pixels': `has more than ${MAX_PIXELS / 1_000_000} million pixels`,
  broken: 'cannot be decoded',
  'unknown format': 'must be a JPEG, PNG or WebP',
}

/** Returns the 422 for an unsupported picture. */
export function refusePicture(reason: keyof typeof REASONS): Problem {
  return invalidInput([{ pointer: '#', detail: REASONS[reason] }])
}

/** Returns the problem that ends the work for a client that is gone. Only the log shows it. */
export function clientIsGone(): Problem {
  return new Problem('request_timeout', 'The client closed the connection.')
}
