type Share<T> = (key: string, run: () => Promise<T>, join?: (shared: Promise<T>) => Promise<T>) => Promise<T>

/**
 * Runs one thing at a time per key, for all who ask. Nobody joins what has already begun: it may have read the database before
 * the change that its joiner was answered about. Who comes meanwhile shares the next run, which begins after all of them came;
 * `join` bounds how long they wait for both.
 */
export function openSharing<T>(): Share<T> {
  type Turn = { running: Promise<T>; next: Promise<T> | null }
  const turns = new Map<string, Turn>()
  const begin = (key: string, run: () => Promise<T>): Promise<T> => {
    const turn: Turn = { running: run(), next: null }
    turns.set(key, turn)
    const end = () => {
      if (!turn.next && turns.get(key) === turn) turns.delete(key)
    }
    turn.running.then(end, end)
    return turn.running
  }
  return (key, run, join = (shared) => shared) => {
    const turn = turns.get(key)
    if (!turn) return begin(key, run)
    const after = () => begin(key, run)
    turn.next ??= turn.running.then(after, after)
    return join(turn.next)
  }
}
