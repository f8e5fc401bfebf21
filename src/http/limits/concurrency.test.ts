import { expect, test } from 'bun:test'
import { Problem } from '../../platform/problem.ts'
import { limitConcurrency } from './concurrency.ts'

test('runs at most the limit, the others in their order', async () => {
  const inTurn = limitConcurrency(2, 10, 'Too many.')
  const ended: number[] = []
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<void>())
  let running = 0
  let most = 0
  const all = gates.map((gate, n) =>
    inTurn(async () => {
      most = Math.max(most, ++running)
      await gate.promise
      running--
      ended.push(n)
    }),
  )
  for (const [n, gate] of gates.entries()) {
    gate.resolve()
    await all[n]
  }
  expect({ most, ended }).toEqual({ most: 2, ended: [0, 1, 2, 3, 4] })
})

test('rejects with 503 at once if the queue is full, and a failure frees its place', async () => {
  const inTurn = limitConcurrency(1, 1, 'Too many.')
  const gate = Promise.withResolvers<void>()
  const first = inTurn(() => gate.promise)
  const second = inTurn(async () => 'done')
  const third = await inTurn(async () => 'never').catch((error: unknown) => error)
  expect(third).toBeInstanceOf(Problem)
  expect(third).toMatchObject({ code: 'unavailable', message: 'Too many.', headers: { 'Retry-After': '1' } })
  gate.reject(new Error('failed'))
  await expect(first).rejects.toThrow('failed')
  expect(await second).toBe('done')
})
