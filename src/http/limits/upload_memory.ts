import { Problem } from '../../platform/problem.ts'

/** The memory that all uploads of this process share. */
export type UploadMemory = {
  /** Takes so many bytes for an upload of this owner that is to end within `within_ms`. Throws 503 `unavailable` where there is no room. */
  open: (owner: number, bytes: number, within_ms: number) => UploadRoom
}

/** What one upload has of it. */
export type UploadRoom = {
  /** Says which share of the upload, from 0 to 1, has come. */
  note: (share: number) => void
  /** Says that all has come, so that it does not give way any more. */
  end: () => void
  /** Aborts, with a 503 as its reason, when the upload is behind and others need its room. */
  signal: AbortSignal
  /** Gives the bytes back. */
  leave: () => void
}

/** It keeps pace until `due_ms`, however little comes until then. */
type Holder = { owner: number; bytes: number; due_ms: number; gives_way: AbortController }

/** How long an upload may stand still before it is behind, whatever it sent before. */
const MAX_PAUSE_MS = 2000

/**
 * An upload takes the memory for all that it declares. One that is slower than what would end in time keeps it as long as nobody needs it:
 * then the newest of the owner with most of these gives way, so that a few owners who send almost nothing keep nobody out.
 */
export function openUploadMemory(max_bytes: number, now = () => performance.now()): UploadMemory {
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

/** The newest of the owner with most of these. */
function chooseOne(slow: Holder[]): Holder {
  const count = (owner: number) => slow.filter((one) => one.owner === owner).length
  const most = Math.max(...slow.map(({ owner }) => count(owner)))
  return slow.findLast(({ owner }) => count(owner) === most) as Holder
}

function tooMany(): Problem {
  return new Problem('unavailable', 'The server is busy with other uploads. Try again in a moment.', {}, { 'Retry-After': '2' })
}
