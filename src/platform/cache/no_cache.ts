import type { Cache, CacheKind, LoaderContext } from './cache.ts'

/** A cache that stores nothing. For a process that gets no invalidations from others. */
export const noCache: Cache = {
  get: async <A, F>(kind: CacheKind<A, F>, args: A, context: LoaderContext) => {
    const loaded = await kind.load(context, args)
    return loaded && { text: loaded.text, fresh: loaded.fresh }
  },
  invalidate: async () => true,
  invalidateSearches: async () => true,
  shared: false,
}
