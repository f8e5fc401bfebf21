/** The store of picture files: a directory or a bucket. Keys are relative paths such as `12-ab…/full.webp`. */
export type PictureStore = {
  /** Writes a file atomically. A key always gets the same bytes. */
  put: (key: string, bytes: Uint8Array) => Promise<void>
  /** The bytes of a file, or null if it is missing. */
  get: (key: string) => Promise<Uint8Array | null>
  /** Deletes a file. A missing file is no error. */
  remove: (key: string) => Promise<void>
}

export const CONTENT_TYPE = 'image/webp'
