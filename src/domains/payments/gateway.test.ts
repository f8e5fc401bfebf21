import { afterEach, describe, expect, test } from 'bun:test'
import { readSamples } from '../../../test/support/metrics.ts'
import { createMetrics, type Metrics } from '../../platform/metrics/metrics.ts'
import { openGateway, type PaymentGateway } from './gateway.ts'
import { type ChargeResult, NotCharged, type PaymentProvider } from './provider.ts'

type Part = (signal: AbortSignal) => Promise<ChargeResult>
const pays: Part = async () => ({ outcome: 'paid', reference: 'ref' })
const declines: Part = async () => ({ outcome: 'declined', reference: 'ref' })
const failsUncharged: Part = async () => {
  throw new NotCharged('not reached')
}
const breaksOff: Part = async () => {
  throw new Error('socket hang up')
}
const hangs: Part = (signal) =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason), { once: true }))

/** Long against everything these tests do, unless a test waits for it. */
const TIMES = { timeout: 50, resetTimeout: 60_000 }

let gateway: PaymentGateway
let metrics: Metrics
let part: Part
let calls = 0
afterEach(() => gateway.close())

function open(times: Partial<typeof TIMES> = {}): void {
  calls = 0
  const provider: PaymentProvider = {
    payouts: {} as PaymentProvider['payouts'],
    name: 'test',
    limits: { min: '0.50', max: '999999.99' },
    charge: (_charge, signal) => {
      calls += 1
      return part(signal)
    },
    find: async () => null,
    cancel: async () => null,
    refund: async () => ({ reference: 'ref', outcome: 'refunded', failure_reason: null }),
    listFollowUps: async () => [],
  }
  metrics = createMetrics()
  gateway = openGateway(provider, { ...TIMES, ...times, metrics })
}

async function charge(as: Part, times = 1): Promise<string[]> {
  part = as
  const outcomes: string[] = []
  for (let n = 0; n < times; n++) outcomes.push((await gateway.charge({ checkout_id: 1, amount: '1.00', method: 'm' })).outcome)
  return outcomes
}

/** Whether this is the state in which the metrics show the breaker. */
async function isShown(state: string): Promise<boolean> {
  return readSamples(await metrics.render())[`circuit_breaker_state{breaker="payments",state="${state}"}`] === 1
}

async function until(condition: () => boolean): Promise<void> {
  const deadline = Date.now() + 10_000
  while (!condition()) {
    if (Date.now() > deadline) throw new Error('the condition did not come true')
    await Bun.sleep(5)
  }
}

describe('a charge', () => {
  test("returns the provider's outcome", async () => {
    open()
    expect(await charge(pays)).toEqual(['paid'])
    expect(await charge(declines)).toEqual(['declined'])
    part = pays
    expect(await gateway.charge({ checkout_id: 1, amount: '1.00', method: 'm' })).toEqual({
      outcome: 'paid',
      provider: 'test',
      provider_reference: 'ref',
      next_action: null,
    })
  })

  test('is pending without a response in time, and the call is aborted', async () => {
    open()
    let aborted = false
    const outcome = await charge((signal) => {
      signal.addEventListener('abort', () => {
        aborted = true
      })
      return hangs(signal)
    })
    expect(outcome).toEqual(['pending'])
    expect(aborted).toBe(true)
  })

  test('is pending if the provider ignores the abort', async () => {
    open()
    expect(await charge(() => new Promise(() => {}))).toEqual(['pending'])
  })

  test('is unavailable only if certainly nothing was charged', async () => {
    open()
    expect(await charge(failsUncharged)).toEqual(['unavailable'])
    expect(await charge(breaksOff)).toEqual(['pending'])
  })
})

describe('the breaker', () => {
  test('opens at the fifth call if more than a quarter failed, and then makes no call', async () => {
    open()
    await charge(pays, 3)
    await charge(failsUncharged, 1)
    expect([gateway.available(), await isShown('closed')]).toEqual([true, true])
    await charge(failsUncharged, 1)
    expect([gateway.available(), await isShown('open')]).toEqual([false, true])
    expect(await charge(pays, 3)).toEqual(['unavailable', 'unavailable', 'unavailable'])
    expect(calls).toBe(5)
  })

  test('stays closed below five calls, and at a quarter', async () => {
    open()
    await charge(failsUncharged, 4)
    expect(gateway.available()).toBe(true)
    open()
    await charge(pays, 6)
    await charge(failsUncharged, 2)
    expect(gateway.available()).toBe(true)
  })

  test('counts calls without a response as failures, and declines as responses', async () => {
    open()
    await charge(declines, 50)
    expect(gateway.available()).toBe(true)
    open()
    await charge(hangs, 5)
    expect(gateway.available()).toBe(false)
  })

  test('allows one probe after its pause, and closes after its response', async () => {
    open({ resetTimeout: 30, timeout: 60_000 })
    await charge(failsUncharged, 5)
    expect(gateway.available()).toBe(false)
    await until(gateway.available)
    const probe = Promise.withResolvers<ChargeResult>()
    part = () => probe.promise
    const probing = gateway.charge({ checkout_id: 1, amount: '1.00', method: 'm' })
    expect(gateway.available()).toBe(false)
    expect(await charge(pays, 3)).toEqual(['unavailable', 'unavailable', 'unavailable'])
    expect(calls).toBe(6)
    probe.resolve({ outcome: 'declined', reference: 'ref' })
    expect((await probing).outcome).toBe('declined')
    expect(gateway.available()).toBe(true)
    expect(await charge(pays, 3)).toEqual(['paid', 'paid', 'paid'])
  })

  test('opens again if the probe fails, and probes again later', async () => {
    open({ resetTimeout: 30 })
    await charge(failsUncharged, 5)
    await until(gateway.available)
    expect(await charge(hangs)).toEqual(['pending'])
    expect(gateway.available()).toBe(false)
    await until(gateway.available)
    expect(await charge(pays)).toEqual(['paid'])
    expect(gateway.available()).toBe(true)
  })
})
