/** The sizes that each picture is kept in: the side of the square that it fits in, in pixels. Nothing is enlarged. */
export const SIDES = { full: 2000, medium: 600, small: 200 } as const
export type Size = keyof typeof SIDES

/** All files of a picture, as WebP without any metadata, and the size of the largest in pixels. */
export type EncodedPicture = { files: Record<Size, Uint8Array>; width: number; height: number }

export type PictureCodec = {
  /** Decodes, turns upright and encodes anew. Throws 422 for what cannot be decoded, 503 when too many are at it. */
  encode: (bytes: Uint8Array) => Promise<EncodedPicture>
}

/** The largest picture that is decoded: that of a 48 megapixel phone. One of these takes 200 MB of memory and over a second. */
export const MAX_PIXELS = 50_000_000
