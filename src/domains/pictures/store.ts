/** Where the files of pictures are: a directory of this machine, or a bucket. Keys are relative paths such as `12-ab…/full.webp`. */
export type PictureStore = {
  /** Writes a file, whole or not at all. The same key is only ever written with the same bytes. */
  put: (key: string, bytes: Uint8Array) => Promise<void>
  /** The bytes of a file; null where there is none. */
  get: (key: string) => Promise<Uint8Array | null>
  /** Deletes a file; no error where there is none. */
  remove: (key: string) => Promise<void>
}

export const CONTENT_TYPE = 'image/webp'
