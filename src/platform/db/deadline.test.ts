import { expect, test } from 'bun:test'
import { createSingleFlight } from '../cache/single_flight.ts'
import { toProblem } from '../problem.ts'
import { isPastDeadline, withDeadline, withinDeadline } from './deadline.ts'

const never = () => new Promise<never>(() => {})
const codeOf = (waiting: Promise<unknown>) =>
  waiting.then(
    () => 'done',
    (error: unknown) => toProblem(error).code,
  )

test('two concurrent waits spend the longer of the two', async () => {
  await withDeadline(async () => {
    await Promise.all([withinDeadline(Bun.sleep(1500)), withinDeadline(Bun.sleep(1500))])
    // If the time counted twice, nothing would be left.
    expect(await codeOf(withinDeadline(Bun.sleep(300)))).toBe('done')
    expect(isPastDeadline()).toBe(false)
    expect(await codeOf(withinDeadline(never()))).toBe('unavailable')
    expect(isPastDeadline()).toBe(true)
  })
})

test("a caller that waits for another caller's load, and then for the next one, keeps its own deadline", async () => {
  const singleFlight = createSingleFlight<string>()
  const load = () => withinDeadline(never())
  const ask = () => withDeadline(() => codeOf(singleFlight('key', load, withinDeadline)))
  const first = ask()
  const second = ask()
  expect(await first).toBe('unavailable')
  // The second caller came a moment later. It has its error by now, or gets it before its own load would be abandoned.
  expect(await Promise.race([second, Bun.sleep(1000).then(() => 'still waiting')])).toBe('unavailable')
})
