/**
 * The program that decodes one picture. It is a separate process, because a decoder's threads can be stopped only by a kill.
 * Reads the picture from standard input. Writes a line of JSON, the `DecoderReport`, then the files: full, medium, small.
 */
import { buffer } from 'node:stream/consumers'
import { type InputError, Problem } from '../../platform/problem.ts'
import type { EncodedPicture, Size } from '../../platform/runtime/picture_format.ts'
import { runtime } from '../../platform/runtime/runtime.ts'

/** The size of the picture and of its files in bytes, or the errors. */
export type DecoderReport = { width: number; height: number; bytes: Record<Size, number> } | { errors: InputError[] }

/** Longer than the parent waits. Ends the process if the parent was killed. */
const MAX_LIFE_MS = 10_000

setTimeout(() => process.exit(1), MAX_LIFE_MS).unref()
// A terminal sends these signals to all processes. The parent drains and still needs this picture.
for (const signal of ['SIGINT', 'SIGTERM'] as const) process.on(signal, () => {})
process.stdout.write(await decode(await buffer(process.stdin)))

async function decode(bytes: Uint8Array): Promise<Uint8Array> {
  try {
    return report(await runtime.encodePicture(bytes))
  } catch (error) {
    if (!(error instanceof Problem)) throw error
    return Buffer.from(`${JSON.stringify({ errors: error.extensions.errors })}\n`)
  }
}

function report({ files, width, height }: EncodedPicture): Uint8Array {
  const { full, medium, small } = files
  const bytes = { full: full.byteLength, medium: medium.byteLength, small: small.byteLength }
  return Buffer.concat([Buffer.from(`${JSON.stringify({ width, height, bytes })}\n`), full, medium, small])
}
