/** The processes that decode pictures for servers of this test run. Linux only, because the ids come from /proc. */
import { readdirSync, readFileSync } from 'node:fs'

/** Returns the ids of the decoders among the descendants of this process. */
export function findDecoders(): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
  return pids.filter((pid) => read(pid, 'cmdline').includes('/src/domains/pictures/decoder.ts') && isBelowThisProcess(pid))
}

/**
 * Waits for a decoder, sends it SIGSTOP and returns its id. After that only SIGKILL and SIGCONT have an effect. Returns 0 if the
 * decoder has ended before the signal.
 */
export async function freezeDecoder(): Promise<number> {
  for (;;) {
    const [pid] = findDecoders()
    if (pid) return isFrozen(pid) ? pid : 0
    await new Promise((resolve) => setImmediate(resolve))
  }
}

function isFrozen(pid: number): boolean {
  try {
    process.kill(pid, 'SIGSTOP')
    return true
  } catch {
    return false
  }
}

function isBelowThisProcess(pid: number): boolean {
  for (let one = pid; one > 1; one = parentOf(one)) if (one === process.pid) return true
  return false
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)/m.exec(read(pid, 'status'))?.[1] ?? 0)
}

/** Returns an empty text if the process has ended. */
function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    return ''
  }
}
