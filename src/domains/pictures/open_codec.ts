import type { PictureCodec } from '../../platform/runtime/picture_format.ts'
import { runDecoder } from './run_decoder.ts'
import { openFairTurns } from './turns.ts'

/** One slow picture takes up to 460 MB, another one 170 MB. With the API both fit into the 1.5 GiB of docker-compose.yml. */
const MAX_RUNNING = 2
/** About ten seconds of the largest pictures. Later callers get 503. */
const MAX_WAITING = 16

/** Encodes pictures with the runtime's codecs, each in its own process, with limited concurrency. */
export function openPictureCodec(): PictureCodec {
  const inTurn = openFairTurns(MAX_RUNNING, MAX_WAITING)
  return { encode: ({ bytes, ...who }) => inTurn({ ...who, run: () => runDecoder(bytes, who.signal) }) }
}
