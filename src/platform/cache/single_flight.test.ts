import { expect, test } from 'bun:test'
import { createSingleFlight } from './single_flight.ts'

test('callers during a run share the next run, which begins after all of them called', async () => {
  const singleFlight = createSingleFlight<number>()
  const runs: PromiseWithResolvers<number>[] = []
  const run = () => {
    const one = Promise.withResolvers<number>()
    runs.push(one)
    return one.promise
  }
  const first = singleFlight('a', run)
  const [second, third] = [singleFlight('a', run), singleFlight('a', run)]
  expect(runs).toHaveLength(1)
  runs[0]?.resolve(1)
  expect(await first).toBe(1)
  expect(runs).toHaveLength(2)
  const fourth = singleFlight('a', run)
  runs[1]?.resolve(2)
  expect(await Promise.all([second, third])).toEqual([2, 2])
  runs[2]?.resolve(3)
  expect(await fourth).toBe(3)
})

test('a failed run fails only for its sharers; keys do not wait for each other', async () => {
  const singleFlight = createSingleFlight<string>()
  const fails = singleFlight('a', () => Promise.reject(new Error('no')))
  const next = singleFlight('a', async () => 'yes')
  const other = singleFlight('b', async () => 'b')
  expect(await fails.catch((error: Error) => error.message)).toBe('no')
  expect(await Promise.all([next, other])).toEqual(['yes', 'b'])
  expect(await singleFlight('a', async () => 'again')).toBe('again')
})
