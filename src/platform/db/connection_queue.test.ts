import { expect, test } from 'bun:test'
import { inCallScope } from '../call_scope.ts'
import { Overloaded } from '../database_errors.ts'
import { toProblem } from '../problem.ts'
import { createConnectionQueue } from './connection_queue.ts'
import { withDeadline } from './deadline.ts'

const prioritized = <T>(run: () => T) => inCallScope({ has_priority: true }, run)

/** A task that holds its place until the test ends it. */
function hold() {
  const { promise, resolve } = Promise.withResolvers<void>()
  return { run: () => promise, end: () => resolve() }
}

const outcome = (work: Promise<unknown>) =>
  work.then(
    () => 'done',
    (error: unknown) => {
      if (!(error instanceof Overloaded)) return String(error)
      const { code, headers } = toProblem(error)
      return `${code}, again in ${headers['Retry-After']}`
    },
  )

test('passes places on, to buyers first, then in order of arrival', async () => {
  const { acquire } = createConnectionQueue(1)
  const { run, end } = hold()
  const holding = acquire(run)
  const order: string[] = []
  const note = (name: string) => acquire(async () => void order.push(name))
  const waiting = [note('reader 1'), note('reader 2'), prioritized(() => note('buyer 1')), prioritized(() => note('buyer 2'))]
  end()
  await Promise.all([holding, ...waiting])
  expect(order).toEqual(['buyer 1', 'buyer 2', 'reader 1', 'reader 2'])
})

test('rejects the waiters in a jam, and none after it', async () => {
  const { acquire, waitedMs } = createConnectionQueue(2)
  const jam = [hold(), hold()]
  const holding = jam.map(({ run }) => acquire(run))
  const waiting = [acquire(async () => {}), prioritized(() => acquire(async () => {}))]
  while (waitedMs() < 100) await Bun.sleep(5)
  expect(await prioritized(async () => waitedMs())).toBeGreaterThan(90)
  expect(await Promise.all(waiting.map(outcome))).toEqual(['unavailable, again in 1', 'unavailable, again in 1'])
  for (const { end } of jam) end()
  await Promise.all(holding)
  expect(waitedMs()).toBe(0)
  expect(await outcome(acquire(async () => {}))).toBe('done')
})

test('a long queue that moves is no jam', async () => {
  const { acquire } = createConnectionQueue(1)
  const started = performance.now()
  // The last of them starts after a wait that would have ended in a jam.
  const crowd = Array.from({ length: 400 }, () => acquire(() => Bun.sleep(2)))
  expect(await outcome(Promise.all(crowd))).toBe('done')
  expect(performance.now() - started).toBeGreaterThan(500)
})

test('a queue that moves only by failures of the server is a jam', async () => {
  const { acquire } = createConnectionQueue(1)
  const gone = Object.assign(new Error('gone'), { code: 'CONNECTION_CLOSED' })
  // Each fails slowly. By the second failure, a waiter has waited for as long as in a jam.
  const failing = Array.from({ length: 6 }, () =>
    outcome(
      acquire(async () => {
        await Bun.sleep(300)
        throw gone
      }),
    ),
  )
  const outcomes = await Promise.all(failing)
  expect(outcomes.slice(0, 2)).toEqual([String(gone), String(gone)])
  expect(outcomes.slice(2)).toEqual(Array(4).fill('unavailable, again in 1'))
})

test('rejects at once above the longest queue', async () => {
  const { acquire } = createConnectionQueue(1)
  const { run, end } = hold()
  const holding = acquire(run)
  const waiting = Array.from({ length: 1024 }, () => outcome(acquire(async () => {})))
  expect(
    await Promise.race([outcome(acquire(async () => {})), ...waiting.map((work) => work.then(() => 'one that waited'))]),
  ).toBe('unavailable, again in 1')
  end()
  await holding
  expect(new Set(await Promise.all(waiting))).toEqual(new Set(['done']))
})

test('abandons a hanging statement, which keeps its place until it ends', async () => {
  const { acquire } = createConnectionQueue(1)
  const { run, end } = hold()
  const hanging = acquire(run)
  expect(await outcome(hanging)).toBe('unavailable, again in 1')
  expect(await outcome(acquire(async () => {}))).toBe('unavailable, again in 1')
  end()
  while ((await outcome(acquire(async () => {}))) !== 'done') await Bun.sleep(1)
})

test('a request has one deadline for all its statements', async () => {
  const { acquire } = createConnectionQueue(2)
  const [one, another] = [hold(), hold()]
  await withDeadline(async () => {
    expect(await outcome(acquire(one.run))).toBe('unavailable, again in 1')
    // This wait has no time left. Alone, it would get the same time again.
    const waiting = Bun.sleep(1000).then(() => 'still waiting')
    expect(await Promise.race([outcome(acquire(another.run)), waiting])).toBe('unavailable, again in 1')
  })
  one.end()
  another.end()
})
