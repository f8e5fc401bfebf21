/** Runs the decoder in a separate process, which ends with its request. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { join } from 'node:path'
import { buffer, text } from 'node:stream/consumers'
import { invalidInput } from '../../platform/problem.ts'
import { clientIsGone, type EncodedPicture } from '../../platform/runtime/picture_format.ts'
import { runtime } from '../../platform/runtime/runtime.ts'
import type { DecoderReport } from './decoder.ts'

/** Three times the time of the largest normal picture. */
const MAX_DECODE_MS = 3000

/**
 * Decodes, turns upright and encodes. Throws 422 if decoding fails or takes over 3 s, 408 if `signal` aborts. The process has
 * ended when this returns or throws, so that its memory is free for the next picture.
 */
export async function runDecoder(bytes: Uint8Array, signal: AbortSignal): Promise<EncodedPicture> {
  const [command, ...args] = runtime.command as [string, ...string[]]
  // The environment has nothing of the service, and the folder has no .env, which Bun would read.
  const child = spawn(command, [...args, join(import.meta.dirname, 'decoder.ts')], { cwd: import.meta.dirname, env: {} })
  let killed_because: Error | null = null
  const kill = (reason: Error) => {
    killed_because = reason
    child.kill('SIGKILL')
  }
  const giveUp = () => kill(clientIsGone())
  const timer = setTimeout(() => kill(tooSlow()), MAX_DECODE_MS)
  signal.addEventListener('abort', giveUp, { once: true })
  try {
    return await exchange(child, bytes)
  } catch (error) {
    throw killed_because ?? error
  } finally {
    clearTimeout(timer)
    signal.removeEventListener('abort', giveUp)
  }
}

async function exchange(child: ChildProcess, bytes: Uint8Array): Promise<EncodedPicture> {
  const { stdin, stdout, stderr } = child
  if (!stdin || !stdout || !stderr) throw new Error('The decoder has no pipes.')
  // A killed process does not read its input.
  stdin.on('error', () => {}).end(bytes)
  const [output, complaint, [code, signal]] = await Promise.all([buffer(stdout), text(stderr), once(child, 'close')])
  if (code !== 0) throw new Error(`The decoder ended with ${code ?? signal}: ${complaint.slice(-1000)}`)
  return readReport(output)
}

function readReport(output: Buffer): EncodedPicture {
  const end_of_line = output.indexOf('\n')
  const report = JSON.parse(output.toString('utf8', 0, end_of_line)) as DecoderReport
  if ('errors' in report) throw invalidInput(report.errors)
  const { width, height, bytes } = report
  const full_at = end_of_line + 1
  const medium_at = full_at + bytes.full
  const small_at = medium_at + bytes.medium
  const files = {
    full: output.subarray(full_at, medium_at),
    medium: output.subarray(medium_at, small_at),
    small: output.subarray(small_at, small_at + bytes.small),
  }
  return { files, width, height }
}

function tooSlow() {
  const detail = `must decode within ${MAX_DECODE_MS / 1000} seconds; send a smaller picture, or try again later`
  return invalidInput([{ pointer: '#', detail }])
}
