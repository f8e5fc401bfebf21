/**
 * The program that decodes one picture, in a process of its own that may be killed: a decoder's threads cannot be stopped otherwise.
 * Standard input has the picture. Standard output gets a line of JSON, the `DecoderReport`, and after it the files: full, medium, small.
 */
import { buffer } from 'node:stream/consumers'
import { type InputError, Problem } from '../../platform/problem.ts'
import type { EncodedPicture, Size } from '../../platform/runtime/picture_format.ts'
import { runtime } from '../../platform/runtime/runtime.ts'

/** What became of the picture: its size and those of its files in bytes, or why it was refused. */
export type DecoderReport = { width: number; height: number; bytes: Record<Size, number> } | { errors: InputError[] }

/** Longer than its parent ever waits: for one whose parent was killed. */
const MAX_LIFE_MS = 10_000

setTimeout(() => process.exit(1), MAX_LIFE_MS).unref()
// A terminal sends these to all processes. The parent takes no new work, and wants this picture.
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
