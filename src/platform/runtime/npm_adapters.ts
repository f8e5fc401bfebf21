/** npm packages for Node and Deno that replace features built into Bun. Their native code works on its own threads. */
import { hash, verify } from '@node-rs/argon2'
import sharp, { type Sharp } from 'sharp'
import { ARGON2ID } from '../argon2id.ts'
import type { Runtime } from './adapter.ts'
import { type EncodedPicture, MAX_PIXELS, QUALITY, refusePicture, SIDES, type Size } from './picture_format.ts'

export const npmAdapters: Pick<Runtime, 'hashPassword' | 'verifyPassword' | 'encodePicture'> = {
  // The library's default algorithm is Argon2id.
  hashPassword: (password, memory_kib) => hash(password, { memoryCost: memory_kib, timeCost: ARGON2ID.passes }),
  verifyPassword: async (password, stored) => verify(stored, password),
  encodePicture,
}

/** sharp decodes other formats too, but the service does not take them. */
const FORMATS = new Set(['jpeg', 'png', 'webp'])

async function encodePicture(bytes: Uint8Array): Promise<EncodedPicture> {
  const { format } = await sharp(bytes).metadata().catch(throwRefusal)
  if (!FORMATS.has(format)) throw refusePicture('unknown format')
  const original = sharp(bytes, { limitInputPixels: MAX_PIXELS, failOn: 'error' }).autoOrient()
  const { data: full, info } = await scale(original, 'full').catch(throwRefusal)
  const [medium, small] = await Promise.all([scale(sharp(full), 'medium'), scale(sharp(full), 'small')])
  return { files: { full, medium: medium.data, small: small.data }, width: info.width, height: info.height }
}

function scale(image: Sharp, size: Size) {
  return image
    .resize(SIDES[size], SIDES[size], { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: QUALITY[size] })
    .toBuffer({ resolveWithObject: true })
}

/** sharp's errors have no codes. All of them concern the picture, except those about memory. */
function throwRefusal(error: unknown): never {
  const { message } = error as Error
  if (/pixel limit/.test(message)) throw refusePicture('too many pixels')
  if (/unsupported image format/.test(message)) throw refusePicture('unknown format')
  if (/memory/i.test(message)) throw error
  throw refusePicture('broken')
}
