import { expect, test } from 'bun:test'
import { createSingleFlight } from '../cache/share.ts'
import { Problem } from '../problem.ts'
import { isOutOfPatience, spendTogether, withinPatience } from './patience.ts'

const never = () => new Promise<never>(() => {})
const codeOf = (waiting: Promise<unknown>) =>
  waiting.then(
    () => 'done',
    (error: unknown) => (error instanceof Problem ? error.code : String(error)),
  )

test('two waits at once spend what the longer one takes', async () => {
  await spendTogether(async () => {
    await Promise.all([withinPatience(Bun.sleep(1500)), withinPatience(Bun.sleep(1500))])
    // Counted twice there would be nothing left.
    expect(await codeOf(withinPatience(Bun.sleep(300)))).toBe('done')
    expect(isOutOfPatience()).toBe(false)
    expect(await codeOf(withinPatience(never()))).toBe('unavailable')
    expect(isOutOfPatience()).toBe(true)
  })
})

test("who waits for somebody else's load, and then for the next one, waits no longer than for their own", async () => {
  const singleFlight = createSingleFlight<string>()
  const load = () => withinPatience(never())
  const ask = () => spendTogether(() => codeOf(singleFlight('key', load, withinPatience)))
  const first = ask()
  const second = ask()
  expect(await first).toBe('unavailable')
  // It came a moment later: by now it has heard, too, or does before a load of its own would be given up.
  expect(await Promise.race([second, Bun.sleep(1000).then(() => 'still waiting')])).toBe('unavailable')
})
