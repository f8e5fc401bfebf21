/** Returns the result of `work`. Throws if that takes longer than `timeout_ms`. The work itself continues. */
export async function inTime<T>(work: PromiseLike<T>, timeout_ms: number): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>()
  const timer = setTimeout(() => reject(new Error(`no response within ${timeout_ms} ms`)), timeout_ms)
  try {
    return await Promise.race([work, late])
  } finally {
    clearTimeout(timer)
  }
}
