/**
 * What the statements of one call made stale. A stored function says it in the transaction of the change (note_changes);
 * whoever works the call tells the cache before it answers. Scripts collect nothing: the relay tells the cache for them.
 */
import { AsyncLocalStorage } from 'node:async_hooks'

const collecting = new AsyncLocalStorage<Set<string>>()

/** Runs a call or a job, then tells `forget` what it made stale, if anything: also when it failed, since part of it may have committed. */
export async function tellStale<T>(forget: (keys: string[]) => Promise<unknown>, run: () => Promise<T>): Promise<T> {
  const keys = new Set<string>()
  try {
    return await collecting.run(keys, run)
  } finally {
    if (keys.size > 0) await forget([...keys])
  }
}

/** Adds the keys of a list with spaces between, as note_changes writes it. */
export function noteStale(list: string): void {
  const keys = collecting.getStore()
  if (keys) for (const key of list.split(' ')) keys.add(key)
}
