/**
 * Connects the heartbeat with the loops of this process. One statement of the heartbeat finds waiting work of every kind
 * (find_work), so an idle loop runs no statement of its own.
 */
export type WaitingWork = {
  /** Registers a loop. `kind` is the name of a queue, or one of the kinds in `find_work`. */
  on: (kind: string, wake: () => void) => void
  kinds: () => string[]
  /** Wakes the loops of these kinds. */
  found: (kinds: string[]) => void
}

export function createWaitingWork(): WaitingWork {
  const loops = new Map<string, () => void>()
  return {
    on: (kind, wake) => void loops.set(kind, wake),
    kinds: () => [...loops.keys()],
    found: (kinds) => {
      for (const kind of kinds) loops.get(kind)?.()
    },
  }
}
