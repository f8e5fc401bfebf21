/** Places that callers take and give back: so many at a time for each of them. */
export type Places = {
  /** Takes a place under each of these keys and returns what gives them back; null, and nothing taken, where one key has none left. */
  take: (keys: readonly string[]) => (() => void) | null
}

/** So many places for each key, in this process. */
export function openPlaces(places_each: number): Places {
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
      if (keys.some((key) => (taken.get(key) ?? 0) >= places_each)) return null
      add(keys, 1)
      return () => add(keys, -1)
    },
  }
}
