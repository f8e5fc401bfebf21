/** What `waiting` comes to. Throws when that takes longer. */
export async function bounded<T>(waiting: PromiseLike<T>, timeout_ms: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`it did not answer within ${timeout_ms} ms`)), timeout_ms)
  try {
    return await Promise.race([waiting, late])
  } finally {
    clearTimeout(timer)
  }
}
