import { readFileSync } from 'node:fs'

const LOOK_EVERY_MS = 1000
const MAX_ANCESTORS = 8

/**
 * Calls `stop` when the npx that runs this process has ended. npx passes no signal on to its child. An operator who stops npx
 * means to stop the service, which would otherwise keep running. Does nothing without npx or without /proc.
 */
export function onNpxEnd(stop: () => void): void {
  const npx = findAncestor(/\bnpm exec\b|\bnpx\b/)
  if (npx === null) return
  const timer = setInterval(() => {
    if (commandOf(npx) !== null) return
    clearInterval(timer)
    stop()
  }, LOOK_EVERY_MS)
  timer.unref()
}

function findAncestor(command: RegExp): number | null {
  let pid = process.ppid
  for (let generation = 0; generation < MAX_ANCESTORS && pid > 1; generation++) {
    if (command.test(commandOf(pid) ?? '')) return pid
    pid = parentOf(pid)
  }
  return null
}

/** Returns the command line of a process, or null if the process is gone. */
function commandOf(pid: number): string | null {
  return read(`/proc/${pid}/cmdline`)?.replaceAll('\0', ' ').trim() || null
}

function parentOf(pid: number): number {
  return Number(/^PPid:\s*(\d+)/m.exec(read(`/proc/${pid}/status`) ?? '')?.[1] ?? 0)
}

function read(path: string): string | null {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return null
  }
}
