/** Calls each turn in a loop, with its number from 0. The returned function stops the loops and waits for their last turns. */
export function startLoops(turns: ((n: number) => Promise<unknown>)[]): () => Promise<void> {
  let is_over = false
  const loop = async (turn: (n: number) => Promise<unknown>) => {
    for (let n = 0; !is_over; n++) await turn(n)
  }
  const all = Promise.all(turns.map(loop))
  // The caller of the returned function gets the error.
  all.catch(() => {})
  return async () => {
    is_over = true
    await all
  }
}

/** Waits until `isSo` returns true and returns the seconds that this took. Throws an Error with `what` after `within_s`. */
export async function waitFor(what: string, isSo: () => Promise<boolean> | boolean, within_s = 120): Promise<number> {
  const began = performance.now()
  while (!(await isSo())) {
    if (performance.now() - began > within_s * 1000) throw new Error(`Not so after ${within_s} s: ${what}`)
    await Bun.sleep(20)
  }
  return (performance.now() - began) / 1000
}
