import type { PictureCodec } from '../../platform/runtime/picture_format.ts'
import { runDecoder } from './run_decoder.ts'
import { openFairTurns } from './turns.ts'

/** Each keeps a core busy. One may be slow and take up to 460 MB; the other takes up to 170 MB. Both and the API fit into the 1.5 GiB of docker-compose.yml. */
const MAX_RUNNING = 2
/** About ten seconds of the largest pictures; who comes after that is better told to come back. */
const MAX_WAITING = 16

/** Pictures by the runtime's own codecs, each in a process of its own, a bounded number at a time. */
export function openPictureCodec(): PictureCodec {
  const inTurn = openFairTurns(MAX_RUNNING, MAX_WAITING)
  return { encode: ({ bytes, ...who }) => inTurn({ ...who, run: () => runDecoder(bytes, who.signal) }) }
}
