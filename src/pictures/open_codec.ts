import { limitConcurrency } from '../limits/concurrency.ts'
import { runtime } from '../runtime/runtime.ts'
import type { PictureCodec } from './codec.ts'

/** Each keeps a core and up to 200 MB busy. */
const MAX_RUNNING = 2
/** About ten seconds of the largest pictures; who comes after that is better told to come back. */
const MAX_WAITING = 16

/** Pictures by the runtime's own codecs, a bounded number at a time. */
export function openPictureCodec(): PictureCodec {
  const inTurn = limitConcurrency(MAX_RUNNING, MAX_WAITING, 'Too many pictures at once.')
  return { encode: (bytes) => inTurn(() => runtime.encodePicture(bytes)) }
}
