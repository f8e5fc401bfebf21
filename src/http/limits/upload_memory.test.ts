import { expect, test } from 'bun:test'
import { Problem } from '../../platform/problem.ts'
import { createUploadMemory } from './upload_memory.ts'

const [ANN, BO, CY] = [1, 2, 3]

/** Memory of 100 bytes, and uploads of 40 bytes that must end in 100 s. The test sets the time. */
function openStage() {
  let now_ms = 0
  const memory = createUploadMemory(100, () => now_ms)
  const open = (owner: number, bytes = 40) => memory.open(owner, bytes, 100_000)
  const wait = (ms: number) => {
    now_ms += ms
  }
  return { open, wait }
}

test('stalled uploads lose their memory, first those of the owner with most of them', () => {
  const { open, wait } = openStage()
  const [a1, b1, a2] = [open(ANN), open(BO, 20), open(ANN)]
  expect(() => open(CY)).toThrow(Problem)
  wait(2001)
  open(CY)
  expect([a1, b1, a2].map(({ signal }) => signal.aborted)).toEqual([false, false, true])
  expect(a2.signal.reason).toMatchObject({ code: 'unavailable', headers: { 'Retry-After': '2' } })
  // An upload that was aborted gives nothing back a second time.
  a2.leave()
  expect(() => open(CY, 70)).toThrow(Problem)
})

test('uploads that keep pace, or are complete, stay', () => {
  const { open, wait } = openStage()
  const [fast, whole, slow] = [open(ANN), open(BO), open(CY, 20)]
  whole.end()
  for (let second = 1; second <= 10; second++) {
    wait(1000)
    fast.note(second / 100)
    slow.note(second / 1000)
  }
  expect(() => open(CY)).toThrow(Problem)
  open(CY, 20)
  expect([fast, whole, slow].map(({ signal }) => signal.aborted)).toEqual([false, false, true])
})

test('early bytes count for no longer than two seconds', () => {
  const { open, wait } = openStage()
  const upload = open(ANN, 100)
  upload.note(0.9)
  wait(1999)
  expect(() => open(BO)).toThrow(Problem)
  wait(2)
  open(BO)
  expect(upload.signal.aborted).toBe(true)
})

test('memory that is given back can be taken again', () => {
  const { open } = openStage()
  const all = open(ANN, 100)
  all.leave()
  open(BO, 100)
})
