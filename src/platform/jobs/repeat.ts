/** A loop that runs until `stop`. `wake` ends its pause, or makes it skip the next pause if it is working. */
export type Repeated = { wake: () => void; stop: () => Promise<void> }

/**
 * Runs `work` again and again. `work` returns the pause in ms, or `failed` returns it if `work` throws. `stop` waits for the
 * current run. `wake` has no effect until `least_ms` after the last run began.
 */
export function repeat(work: () => Promise<number>, failed: (error: unknown) => number, least_ms = 0): Repeated {
  let began_at_ms = 0
  let is_stopped = false
  let is_woken = false
  let endPause = () => {}
  const running = (async () => {
    while (!is_stopped) {
      is_woken = false
      began_at_ms = performance.now()
      const pause_ms = await work().catch(failed)
      if (pause_ms <= 0 || is_woken) continue
      await new Promise<void>((resolve) => {
        const timer = setTimeout(resolve, pause_ms)
        endPause = () => {
          clearTimeout(timer)
          resolve()
        }
      })
    }
  })()
  const skipPause = () => {
    is_woken = true
    endPause()
  }
  const wake = () => {
    if (performance.now() - began_at_ms >= least_ms) skipPause()
  }
  const stop = async () => {
    is_stopped = true
    skipPause()
    await running
  }
  return { wake, stop }
}

/** Repeats a batch until one does nothing, because a batch can leave out rows that other processes hold. Returns the sum. */
export async function repeatBatches(batch: () => Promise<number>): Promise<number> {
  let sum = 0
  for (let done = await batch(); done > 0; done = await batch()) sum += done
  return sum
}
