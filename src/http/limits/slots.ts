/** Slots that callers take and give back. Each key has a fixed number of them. */
export type Slots = {
  /**
   * Takes a slot of each key and returns a function that gives them back. If one key has none left, takes nothing and returns
   * null.
   */
  take: (keys: readonly string[]) => (() => void) | null
}

/** Creates `slots_each` slots for each key, in this process. */
export function createSlots(slots_each: number): Slots {
  const taken = new Map<string, number>()
  const add = (keys: readonly string[], change: 1 | -1) => {
    for (const key of keys) {
      const now = (taken.get(key) ?? 0) + change
      if (now > 0) taken.set(key, now)
      else taken.delete(key)
    }
  }
  return {
    take: (keys) => {
      if (keys.some((key) => (taken.get(key) ?? 0) >= slots_each)) return null
      add(keys, 1)
      return () => add(keys, -1)
    },
  }
}
