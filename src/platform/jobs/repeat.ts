/** A loop that runs until it is stopped. */
export type Repeated = { stop: () => Promise<void> }

/**
 * Runs `work` again after the pause in ms that it returns, or that `failed` returns when it throws. `stop` waits for the
 * current run.
 */
export function repeat(work: () => Promise<number>, failed: (error: unknown) => number): Repeated {
  let is_stopped = false
  let wake = () => {}
  const running = (async () => {
    while (!is_stopped) {
      const pause_ms = await work().catch(failed)
      if (pause_ms <= 0 || is_stopped) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause_ms)
        wake = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  })()
  const stop = async () => {
    is_stopped = true
    wake()
    await running
  }
  return { stop }
}
