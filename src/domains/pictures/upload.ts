import { createHash } from 'node:crypto'
import type { Context } from 'hono'
import type { Env } from '../../http/env.ts'
import { invalidInput } from '../../platform/problem.ts'
import type { PictureCodec, Size } from '../../platform/runtime/picture_format.ts'
import { inspectPicture } from './container.ts'
import { confirmPicture, registerPicture, reusePicture } from './statements.ts'
import type { PictureStore } from './store.ts'

declare module '../../http/env.ts' {
  interface Services {
    pictures: Pictures
  }
}

/** The dependencies of pictures besides the database. */
export type Pictures = { store: PictureStore; codec: PictureCodec }

/**
 * Returns the owner's existing picture of these bytes, or a new one. Inserts the row first and makes it visible after all files
 * exist, so that a crash in between leaves a hidden row that the nightly job finds.
 */
export async function uploadPicture(
  c: Context<Env>,
  { bytes, type }: { bytes: Uint8Array; type: string },
  base_url: string,
): Promise<{ id: number; body: string; is_new: boolean }> {
  const [sql, pictures, owner_id] = [c.get('sql'), c.get('pictures'), c.get('user_id')]
  const { wrong, is_slow } = inspectPicture(bytes, type)
  if (wrong) throw invalidInput([{ pointer: '#', detail: wrong }])
  const source_hash = sha256(bytes)
  const known = await reusePicture.maybe(sql, { owner_id, source_hash, base_url })
  if (known) return { ...known, is_new: false }
  const { files, width, height } = await pictures.codec.encode({ bytes, owner: owner_id, is_slow, signal: c.req.raw.signal })
  const all = Object.entries(files) as [Size, Uint8Array][]
  const { id, key } = await registerPicture.one(sql, {
    owner_id,
    source_hash,
    content_hash: sha256(files.full),
    width,
    height,
    bytes: all.reduce((total, [, file]) => total + file.byteLength, 0),
  })
  await Promise.all(all.map(([size, file]) => pictures.store.put(`${key}/${size}.webp`, file)))
  const { body } = await confirmPicture.one(sql, { picture_id: id, base_url })
  return { id, body, is_new: true }
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest()
}
