import type { Cache, CacheKind, Sources } from './cache.ts'

/** Every reader loads for itself: for a process that nobody tells what has changed. */
export const noCache: Cache = {
  get: async <A, F>(kind: CacheKind<A, F>, args: A, sources: Sources) => {
    const loaded = await kind.load(sources, args)
    return loaded && { text: loaded.text, fresh: loaded.fresh }
  },
  forget: async () => true,
  forgetSearches: async () => true,
  shared: false,
}
