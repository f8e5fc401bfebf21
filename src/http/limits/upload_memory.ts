import { Problem } from '../../platform/problem.ts'

/** The memory for all uploads of this process. */
export type UploadMemory = {
  /** Reserves `bytes` for an upload of `owner` that must end within `within_ms`. Throws 503 `unavailable` if there is no room. */
  open: (owner: number, bytes: number, within_ms: number) => UploadRoom
}

/** The share of one upload. */
export type UploadRoom = {
  /**
   * Reports the share of the upload that has arrived, from 0 to 1. The room that admitUpload (intake.ts) passes on takes bytes
   * instead.
   */
  note: (share: number) => void
  /** Reports that the upload is complete. It keeps its memory from now on. */
  end: () => void
  /** Aborts, with a 503 as its reason, if the upload is behind and another upload needs its memory. */
  signal: AbortSignal
  /** Frees the bytes. */
  leave: () => void
}

/** An upload is behind after `due_ms`. Each arrival of more bytes moves `due_ms`. */
type Holder = { owner: number; bytes: number; due_ms: number; gives_way: AbortController }

/** An upload that sends nothing for this long is behind, whatever it sent before. */
const MAX_PAUSE_MS = 2000

/**
 * An upload takes the memory for all bytes that it declares. An upload that is too slow to end in time keeps its memory only
 * until another upload needs it. Then the service aborts the newest slow upload of the owner with most of them. So a few owners
 * who send almost nothing cannot lock out other owners.
 */
export function createUploadMemory(max_bytes: number, now = () => performance.now()): UploadMemory {
  const holders = new Set<Holder>()
  let left = max_bytes
  const giveBack = (holder: Holder) => {
    if (holders.delete(holder)) left += holder.bytes
  }
  const makeRoom = (bytes: number) => {
    const slow = [...holders].filter(({ due_ms }) => due_ms < now())
    if (slow.reduce((sum, holder) => sum + holder.bytes, left) < bytes) throw tooMany()
    while (left < bytes) {
      const chosen = chooseOne(slow.filter((holder) => holders.has(holder)))
      giveBack(chosen)
      chosen.gives_way.abort(tooMany())
    }
  }
  return {
    open: (owner, bytes, within_ms) => {
      makeRoom(bytes)
      const holder = { owner, bytes, due_ms: now() + MAX_PAUSE_MS, gives_way: new AbortController() }
      holders.add(holder)
      left -= bytes
      let come = 0
      const note = (share: number) => {
        holder.due_ms = Math.min(holder.due_ms + (share - come) * within_ms, now() + MAX_PAUSE_MS)
        come = share
      }
      const end = () => {
        holder.due_ms = Infinity
      }
      return { note, end, signal: holder.gives_way.signal, leave: () => giveBack(holder) }
    },
  }
}

/** Returns the newest slow upload of the owner with the most slow uploads. */
function chooseOne(slow: Holder[]): Holder {
  const count = (owner: number) => slow.filter((one) => one.owner === owner).length
  const most = Math.max(...slow.map(({ owner }) => count(owner)))
  return slow.findLast(({ owner }) => count(owner) === most) as Holder
}

function tooMany(): Problem {
  return new Problem('unavailable', 'The server is busy with other uploads. Try again in a moment.', {}, { 'Retry-After': '2' })
}
