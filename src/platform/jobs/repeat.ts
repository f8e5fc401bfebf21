/** A loop that runs until `stop`. */
export type Repeated = { stop: () => Promise<void> }

/**
 * Runs `work` again and again. `work` returns the pause in ms, or `failed` returns it if `work` throws. `stop` waits for the
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
