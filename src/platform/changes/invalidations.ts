/**
 * The cache keys that the statements of one call made stale. A stored function names them in the transaction of the change
 * (note_changes). The call invalidates them before it responds. A script collects no keys: the relay invalidates for it.
 */
import { callScope, inCallScope } from '../call_scope.ts'

/**
 * Runs a call, then invalidates the keys that it recorded. Does so after a failure too, because a part of the call can have
 * committed.
 */
export async function flushInvalidations<T>(invalidate: (keys: string[]) => Promise<unknown>, run: () => Promise<T>): Promise<T> {
  const keys = new Set<string>()
  try {
    return await inCallScope({ stale_keys: keys }, run)
  } finally {
    if (keys.size > 0) await invalidate([...keys])
  }
}

/** Records keys, separated by spaces as note_changes writes them. Does nothing outside `flushInvalidations`. */
export function recordInvalidations(list: string): void {
  const keys = callScope()?.stale_keys
  if (keys) for (const key of list.split(' ')) keys.add(key)
}
