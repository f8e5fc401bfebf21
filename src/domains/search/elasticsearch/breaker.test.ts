import { afterEach, describe, expect, test } from 'bun:test'
import { type Breaker, type CallInTime, EngineFailure, openBreaker, refusedBy } from './breaker.ts'

type Part = (in_time: AbortSignal) => Promise<string>
const answers: Part = async () => 'answer'
const fails: Part = async () => {
  throw new Error('connection reset')
}
const refuses =
  (status: number): Part =>
  async () => {
    throw refusedBy(status, { type: 'refused' })
  }
const hangs: Part = (in_time) =>
  new Promise((_, reject) => in_time.addEventListener('abort', () => reject(in_time.reason), { once: true }))

/** Longer than everything in these tests, except where a test waits for it. */
const TIMES = { timeout: 60_000, resetTimeout: 60_000, slow: 60_000 }

let breaker: Breaker
let calls = 0
afterEach(() => breaker.close())

function open(times: Partial<typeof TIMES> = {}): void {
  calls = 0
  breaker = openBreaker({ ...TIMES, ...times })
}

const callOnce = (part: Part, callInTime: CallInTime = breaker.startSearch()) =>
  callInTime((in_time) => {
    calls += 1
    return part(in_time)
  })

/** Runs `times` searches of one call each, and returns their outcomes. */
async function search(part: Part, times = 1): Promise<string[]> {
  const outcomes: string[] = []
  for (let n = 0; n < times; n++) outcomes.push(await callOnce(part).catch(() => 'failed'))
  return outcomes
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the condition did not come true')
    await Bun.sleep(5)
  }
}

describe('a call', () => {
  test('returns the response of Elasticsearch, or throws the reason of its failure', async () => {
    open()
    expect(await callOnce(answers)).toBe('answer')
    const error: EngineFailure = await callOnce(fails).then(
      () => expect.unreachable(),
      (error) => error,
    )
    expect(error).toBeInstanceOf(EngineFailure)
    expect(error).toMatchObject({ was_called: true, cause: { message: 'connection reset' } })
  })

  test('is aborted at its deadline', async () => {
    open({ timeout: 30 })
    let aborted = false
    const outcome = callOnce((in_time) => {
      in_time.addEventListener('abort', () => {
        aborted = true
      })
      return hangs(in_time)
    })
    expect(outcome).rejects.toBeInstanceOf(EngineFailure)
    await outcome.catch(() => {})
    expect(aborted).toBe(true)
  })

  test('that ignores the abort is abandoned', async () => {
    open({ timeout: 30 })
    expect(callOnce(() => new Promise(() => {}))).rejects.toBeInstanceOf(EngineFailure)
  })

  test('has the rest of the time of earlier calls', async () => {
    open({ timeout: 1000 })
    const callInTime = breaker.startSearch()
    await callOnce(() => Bun.sleep(700).then(() => ''), callInTime)
    const whole_time = Bun.sleep(1000).then(() => 'a whole second')
    expect(await Promise.race([callOnce(hangs, callInTime).catch(() => 'the rest'), whole_time])).toBe('the rest')
  })
})

describe('the breaker', () => {
  test('opens at the tenth call if more than half failed, and then makes no call', async () => {
    open()
    await search(answers, 4)
    await search(fails, 5)
    expect(breaker.state()).toBe('closed')
    await search(fails, 1)
    expect(breaker.state()).toBe('open')
    expect(await search(answers, 3)).toEqual(['failed', 'failed', 'failed'])
    expect(calls).toBe(10)
    expect(callOnce(answers)).rejects.toMatchObject({ was_called: false })
  })

  test('stays closed below ten calls, and at half', async () => {
    open()
    await search(fails, 9)
    expect(breaker.state()).toBe('closed')
    open()
    await search(answers, 6)
    await search(fails, 6)
    expect(breaker.state()).toBe('closed')
  })

  test('returns a slow response and counts it as a failure', async () => {
    open({ slow: -1 })
    expect(await search(answers, 10)).toEqual(Array(10).fill('answer'))
    expect(breaker.state()).toBe('open')
  })

  test('counts calls without a response in time', async () => {
    open({ timeout: 20 })
    await search(hangs, 10)
    expect(breaker.state()).toBe('open')
  })

  test.each([400, 413, 422])('counts no rejection of our own mistake: %d', async (status) => {
    open()
    await search(refuses(status), 30)
    expect(breaker.state()).toBe('closed')
    expect(calls).toBe(30)
  })

  test.each([404, 408, 429, 500, 503])('counts a failure of Elasticsearch: %d', async (status) => {
    open()
    await search(refuses(status), 10)
    expect(breaker.state()).toBe('open')
  })

  test('allows exactly one probe after its pause, and closes after its response', async () => {
    open({ resetTimeout: 30 })
    await search(fails, 10)
    await until(() => breaker.state() === 'waiting')
    const probe = Promise.withResolvers<string>()
    const all = Array.from({ length: 50 }, () => callOnce(() => probe.promise).catch(() => 'failed'))
    expect(calls).toBe(11)
    expect(breaker.state()).toBe('open')
    expect(await Promise.all(all.slice(1))).toEqual(Array(49).fill('failed'))
    probe.resolve('probed')
    expect(await all[0]).toBe('probed')
    expect(breaker.state()).toBe('closed')
    expect(await search(answers, 3)).toEqual(['answer', 'answer', 'answer'])
  })

  test.each([
    ['fails', fails],
    ['is slow', answers],
  ])('opens again if the probe %s, and probes again later', async (_, part) => {
    open({ resetTimeout: 30, slow: part === answers ? -1 : TIMES.slow })
    await search(fails, 10)
    await until(() => breaker.state() === 'waiting')
    await search(part)
    expect(breaker.state()).not.toBe('closed')
    await until(() => breaker.state() === 'waiting')
    expect(calls).toBe(11)
  })

  test('closes on a probe that is rejected for our own mistake, because Elasticsearch has responded', async () => {
    open({ resetTimeout: 30 })
    await search(fails, 10)
    await until(() => breaker.state() === 'waiting')
    await search(refuses(400))
    expect(breaker.state()).toBe('closed')
  })
})
