import { expect, test } from 'bun:test'
import { Problem } from '../../platform/problem.ts'
import { type FairTurns, openFairTurns } from './turns.ts'

const [ANN, BO, CY] = [1, 2, 3]

/** Work that lasts until it is ended; `begun` has the names of what has begun, in order. */
function openStage(inTurn: FairTurns) {
  const begun: string[] = []
  const gates = new Map<string, () => void>()
  const submit = (name: string, owner: number, { is_slow = false, signal = new AbortController().signal } = {}) => {
    const gate = Promise.withResolvers<void>()
    gates.set(name, gate.resolve)
    const run = async () => {
      begun.push(name)
      await gate.promise
    }
    return inTurn({ owner, is_slow, signal, run }).then(
      () => 'done',
      (error: unknown) => (error instanceof Problem ? error.code : 'failed'),
    )
  }
  const end = async (name: string) => {
    gates.get(name)?.()
    await settle()
  }
  return { begun, submit, end }
}

/** Lets everything that is ready run. */
const settle = () => new Promise((resolve) => setImmediate(resolve))

test('an owner has one picture in progress, even if a place is free', async () => {
  const { begun, submit, end } = openStage(openFairTurns(2, 16))
  const both = [submit('a1', ANN), submit('a2', ANN)]
  await settle()
  expect(begun).toEqual(['a1'])
  await end('a1')
  expect(begun).toEqual(['a1', 'a2'])
  await end('a2')
  expect(await Promise.all(both)).toEqual(['done', 'done'])
})

test('owners take turns, however many pictures one of them has waiting', async () => {
  const { begun, submit, end } = openStage(openFairTurns(1, 16))
  for (const name of ['a1', 'a2', 'a3']) void submit(name, ANN)
  for (const name of ['b1', 'b2']) void submit(name, BO)
  void submit('c1', CY)
  for (const name of ['a1', 'b1', 'c1', 'a2', 'b2', 'a3']) await end(name)
  expect(begun).toEqual(['a1', 'b1', 'c1', 'a2', 'b2', 'a3'])
})

test('one place is reserved for quick pictures', async () => {
  const { begun, submit, end } = openStage(openFairTurns(2, 16))
  void submit('slow a', ANN, { is_slow: true })
  void submit('slow b', BO, { is_slow: true })
  void submit('c', CY)
  await settle()
  expect(begun).toEqual(['slow a', 'c'])
  await end('c')
  expect(begun).toEqual(['slow a', 'c'])
  await end('slow a')
  expect(begun).toEqual(['slow a', 'c', 'slow b'])
})

test('a full queue drops the last picture of the owner with most pictures, not the new one', async () => {
  const { submit, end } = openStage(openFairTurns(1, 3))
  const anns = ['a1', 'a2', 'a3', 'a4'].map((name) => submit(name, ANN))
  const bos = submit('b1', BO)
  expect(await anns[3]).toBe('unavailable')
  for (const name of ['a1', 'b1', 'a2', 'a3']) await end(name)
  expect(await Promise.all([...anns.slice(0, 3), bos])).toEqual(['done', 'done', 'done', 'done'])
})

test('a full queue drops a new slow picture, and keeps quick ones', async () => {
  const { submit, end } = openStage(openFairTurns(2, 3))
  const slow = [1, 2, 3, 4].map((owner) => submit(`slow ${owner}`, owner, { is_slow: true }))
  const quick = [submit('quick 5', 5), submit('quick 6', 6)]
  expect(await slow[3]).toBe('unavailable')
  const late = submit('slow 7', 7, { is_slow: true })
  expect(await late).toBe('unavailable')
  for (const name of ['quick 5', 'quick 6', 'slow 1', 'slow 2', 'slow 3']) await end(name)
  expect(await Promise.all([...quick, ...slow.slice(0, 3)])).toEqual(Array(5).fill('done'))
})

test('work that waits for too long is refused and takes no place', async () => {
  const { begun, submit, end } = openStage(openFairTurns(1, 16, 1))
  const first = submit('a1', ANN)
  expect(await submit('b1', BO)).toBe('unavailable')
  await end('a1')
  const last = submit('c1', CY)
  await end('c1')
  expect(await Promise.all([first, last])).toEqual(['done', 'done'])
  expect(begun).toEqual(['a1', 'c1'])
})

test('aborted work never begins and takes no place', async () => {
  const { begun, submit, end } = openStage(openFairTurns(1, 16))
  const gone = new AbortController()
  const first = submit('a1', ANN)
  const left = submit('b1', BO, { signal: gone.signal })
  const last = submit('c1', CY)
  gone.abort()
  expect(await left).toBe('request_timeout')
  expect(await submit('never', BO, { signal: gone.signal }).finally(() => end('a1'))).toBe('request_timeout')
  await end('c1')
  expect(await Promise.all([first, last])).toEqual(['done', 'done'])
  expect(begun).toEqual(['a1', 'c1'])
})
