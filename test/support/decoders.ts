/** The processes that decode pictures for servers of this test run; Linux alone shows them here. */
import { readdirSync, readFileSync } from 'node:fs'

/** Their process ids. */
export function findDecoders(): number[] {
  const pids = readdirSync('/proc').map(Number).filter(Number.isInteger)
  return pids.filter((pid) => read(pid, 'cmdline').includes('/src/domains/pictures/decoder.ts') && isBelowThisProcess(pid))
}

/** Waits for one, and stops it where it is: it takes no signal but SIGKILL any more. It may have ended meanwhile: then 0. */
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

/** Of a process that is gone, or ends, nothing. */
function read(pid: number, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'latin1')
  } catch {
    return ''
  }
}
