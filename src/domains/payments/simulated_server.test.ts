import { afterEach, beforeEach, describe, expect, test } from 'bun:test'
import { appendFileSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { eventually } from '../../../test/support/shopper.ts'
import { type SimulatedPayments, startSimulatedPayments } from '../../../test/support/simulated_payments.ts'
import { NotCharged, type PaymentProvider } from './provider.ts'
import { openActionPages } from './simulated_actions.ts'
import { openSimulatedClient } from './simulated_client.ts'
import type { SimulatedEvent } from './simulated_webhooks.ts'
import { verifyWebhook } from './webhook_signature.ts'

const SECRET = 'the-secret-of-this-test'
const pages = openActionPages(new Uint8Array(), 'http://localhost')

let folder: string
let log: string
let server: SimulatedPayments
let provider: PaymentProvider

beforeEach(async () => {
  folder = mkdtempSync(join(tmpdir(), 'simulated-'))
  log = join(folder, 'log.jsonl')
  await start()
})
afterEach(async () => {
  await server.kill()
  rmSync(folder, { recursive: true })
})

async function start(): Promise<void> {
  server = await startSimulatedPayments({ log })
  provider = openSimulatedClient(server.url, [], pages)
}

const ample = () => AbortSignal.timeout(20_000)
const charge = (checkout_id: number, method = 'pm_card_visa', amount = '24.50', signal = ample()) =>
  provider.charge({ checkout_id, amount, method }, signal)
const find = (checkout_id: number) =>
  provider.find({ checkout_id, amount: '24.50', method: 'pm_card_visa', reference: null, age_s: 0 }, ample())
const refund = (key: string, amount: string) => provider.refund({ key, reference: 'sim_1', amount }, ample())

describe('a charge', () => {
  test('has the outcome of its method', async () => {
    expect(await charge(1)).toEqual({ outcome: 'paid', reference: 'sim_1' })
    expect(await charge(2, 'pm_card_chargeDeclined')).toEqual({ outcome: 'declined', reference: 'sim_2' })
    expect(await charge(3, 'pm_card_slow')).toEqual({ outcome: 'paid', reference: 'sim_3' })
    await expect(charge(4, 'pm_card_error')).rejects.toBeInstanceOf(NotCharged)
    expect(await find(4)).toBeNull()
    expect(await server.count()).toMatchObject({ captured: '49.00', refunded: '0.00' })
  })

  test('without a response is made, and can be found', async () => {
    const error = await charge(1, 'pm_card_timeout', '5.00', AbortSignal.timeout(200)).catch((thrown: unknown) => thrown)
    expect(error).toHaveProperty('name', 'TimeoutError')
    expect(await find(1)).toEqual({ outcome: 'paid', reference: 'sim_1' })
  })

  test('requested by 20 concurrent calls is made once, and all get the same outcome', async () => {
    const results = await Promise.all(Array.from({ length: 20 }, () => charge(7)))
    expect(new Set(results.map((result) => JSON.stringify(result))).size).toBe(1)
    expect((await server.count()).charges).toEqual({ 7: { count: 1, captured: '24.50', refunded: '0.00' } })
    expect(readFileSync(log, 'utf8').trim().split('\n')).toHaveLength(1)
  })

  test('with another amount under a known key is rejected', async () => {
    await charge(1)
    await expect(charge(1, 'pm_card_visa', '24.51')).rejects.toThrow('was charged 24.50')
  })

  test('to a provider that does not listen is certainly not made', async () => {
    await server.stop()
    await expect(charge(1)).rejects.toBeInstanceOf(NotCharged)
    await expect(find(1)).rejects.toBeInstanceOf(NotCharged)
  })
})

describe('a refund', () => {
  test('happens once for each key, and never exceeds the charge', async () => {
    await charge(1)
    const refunded = { reference: 'sim_refund_1', outcome: 'refunded', failure_reason: null } as const
    expect(await refund('refund_1', '20.00')).toEqual(refunded)
    expect(await refund('refund_1', '20.00')).toEqual(refunded)
    expect(await refund('refund_2', '4.51')).toEqual({
      reference: null,
      outcome: 'failed',
      failure_reason: expect.stringContaining('only 4.50 can go back'),
    })
    await refund('refund_2', '4.50')
    expect(await server.count()).toMatchObject({
      charges: { 1: { count: 1, captured: '24.50', refunded: '24.50' } },
      captured: '24.50',
      refunded: '24.50',
    })
  })

  test('two concurrent refunds that exceed the charge: one is rejected', async () => {
    await charge(1)
    const results = await Promise.all([refund('a', '20.00'), refund('b', '20.00')])
    expect(results.map(({ outcome }) => outcome).toSorted()).toEqual(['failed', 'refunded'])
  })

  test('of pm_card_refundFails is sent, and fails a second later: the charge has it back', async () => {
    const { reference = '' } = await charge(1, 'pm_card_refundFails')
    const order = { key: 'refund_1', reference: reference as string, amount: '24.50' }
    expect(await provider.refund(order, ample())).toMatchObject({ reference: 'sim_refund_1', outcome: 'sent' })
    const state = () => provider.listFollowUps({ charge: order.reference }, ample())
    await eventually(10_000, state, ([event]) => event?.outcome === 'failed')
    expect(await state()).toEqual([
      {
        kind: 'refund',
        event_id: 'sim_refund_1.failed',
        payment_reference: order.reference,
        refund_reference: 'sim_refund_1',
        key: 'refund_1',
        amount: '24.50',
        currency: 'usd',
        outcome: 'failed',
        failure_reason: 'expired_or_canceled_card',
      },
    ])
    expect(await server.count()).toMatchObject({ refunded: '0.00' })
    expect(await provider.refund({ ...order, key: 'refund_2' }, ample())).toMatchObject({ outcome: 'sent' })
  })

  test('made in the dashboard is in the lists, without a key', async () => {
    await charge(1)
    await server.post('/refunds', { charge: 'sim_1', amount: '20.00' })
    expect(await provider.listFollowUps({ days: 1 }, ample())).toMatchObject([
      { key: null, amount: '20.00', outcome: 'refunded' },
    ])
    expect(await refund('refund_1', '20.00')).toMatchObject({ outcome: 'failed' })
    expect(await provider.listFollowUps({ charge: 'sim_2' }, ample())).toEqual([])
  })
})

describe('a dispute', () => {
  const list = () => provider.listFollowUps({ days: 1 }, ample())

  test('of pm_card_createDispute opens a second after the charge', async () => {
    await charge(1, 'pm_card_createDispute')
    await eventually(10_000, list, (events) => events.length > 0)
    expect(await list()).toMatchObject([
      { kind: 'dispute', payment_reference: 'sim_1_createDispute', amount: '24.50', outcome: 'open' },
    ])
  })

  test.each([
    ['won', 'refunded'],
    ['lost', 'failed'],
  ] as const)('refuses refunds while it is open; when it is %s, a refund is %s', async (end, outcome) => {
    await charge(1)
    await server.post('/disputes', { charge: 'sim_1' })
    expect(await refund('refund_1', '1.00')).toMatchObject({ outcome: 'failed' })
    await server.post(`/disputes/dp_sim_1/${end}`)
    expect(await list()).toMatchObject([{ event_id: `dp_sim_1.${end}`, outcome: end }])
    expect(await refund('refund_2', '1.00')).toMatchObject({ outcome })
  })
})

describe('a charge that requires an action', () => {
  const query = { amount: '24.50', method: 'pm_card_threeDSecure2Required', reference: null, age_s: 0 }
  const complete = (checkout_id: number, is_confirmed: boolean) =>
    provider.actions?.complete({ checkout_id, ...query }, is_confirmed, ample())

  test('is decided by the first action, also after a kill', async () => {
    for (const id of [1, 2]) expect(await charge(id, query.method)).toMatchObject({ outcome: 'requires_action' })
    expect(await server.count()).toMatchObject({ captured: '0.00' })
    expect(await complete(1, true)).toEqual({ outcome: 'paid', reference: 'sim_1' })
    expect(await provider.cancel({ checkout_id: 2, ...query }, ample())).toEqual({ outcome: 'declined', reference: 'sim_2' })
    await server.kill()
    await start()
    expect(await complete(1, false)).toEqual({ outcome: 'paid', reference: 'sim_1' })
    expect(await complete(2, true)).toEqual({ outcome: 'declined', reference: 'sim_2' })
    expect(await charge(1, query.method)).toEqual({ outcome: 'paid', reference: 'sim_1' })
    expect(await server.count()).toMatchObject({ captured: '24.50' })
  })

  test('that the provider does not know: null', async () => {
    expect(await complete(3, true)).toBeNull()
  })
})

describe('the ledger file', () => {
  test('survives a kill', async () => {
    await Promise.all([1, 2, 3].map((key) => charge(key)))
    await refund('refund_1', '1.00')
    const before = await server.count()
    await server.kill()
    await start()
    expect(await server.count()).toEqual(before)
    await charge(1)
    await refund('refund_1', '1.00')
    expect(await server.count()).toEqual(before)
  })

  test('loses only a line that a kill left half-written', async () => {
    await charge(1)
    await server.kill()
    appendFileSync(log, '{"type":"charge","key":"2","cha')
    await start()
    expect(await find(2)).toBeNull()
    await charge(3)
    await server.kill()
    await start()
    expect(Object.keys((await server.count()).charges)).toEqual(['1', '3'])
  })
})

describe('webhooks', () => {
  type Heard = { event: SimulatedEvent; headers: Headers; body: string }

  /** Runs a provider with this plan against a listener that answers `statuses` in turn, then 200. */
  async function listen(
    plan: string,
    run: (own: PaymentProvider, heard: Heard[]) => Promise<void>,
    statuses: number[] = [],
  ): Promise<void> {
    const heard: Heard[] = []
    const listener = Bun.serve({
      port: 0,
      fetch: async (request) => {
        const body = await request.text()
        heard.push({ event: JSON.parse(body) as SimulatedEvent, headers: request.headers, body })
        return new Response(null, { status: statuses.shift() ?? 200 })
      },
    })
    const webhook = { url: `http://127.0.0.1:${listener.port}/hook`, secret: SECRET, plan }
    const own = await startSimulatedPayments({ log: join(folder, 'own.jsonl'), webhook })
    try {
      await run(openSimulatedClient(own.url, [], pages), heard)
    } finally {
      await own.kill()
      await listener.stop(true)
    }
  }

  async function untilHeard(heard: Heard[], count: number): Promise<string[]> {
    const deadline = Date.now() + 10_000
    while (heard.length < count && Date.now() < deadline) await Bun.sleep(10)
    return heard.map(({ event }) => event.type)
  }

  const chargeAt = (own: PaymentProvider, method: string, signal = ample()) =>
    own.charge({ checkout_id: 5, amount: '1.00', method }, signal)

  test('arrive before the response to the call, duplicated, signed', async () => {
    await listen('before,duplicate=3', async (own, heard) => {
      await chargeAt(own, 'pm_card_visa')
      const types = heard.map(({ event }) => event.type)
      expect(types).toEqual(['charge.pending', 'charge.pending', 'charge.pending', 'charge.paid', 'charge.paid', 'charge.paid'])
      for (const { headers, body } of heard) verifyWebhook([SECRET], headers, body, Date.now() / 1000)
      expect(new Set(heard.map(({ event }) => event.id))).toEqual(new Set(['sim_5.charge.pending', 'sim_5.charge.paid']))
    })
  })

  test('arrive after it, also if the caller has given up', async () => {
    await listen('after', async (own, heard) => {
      await chargeAt(own, 'pm_card_timeout', AbortSignal.timeout(100)).catch(() => {})
      expect(await untilHeard(heard, 2)).toEqual(['charge.pending', 'charge.paid'])
    })
  })

  test('of a decline, out of order', async () => {
    await listen('after,shuffle,duplicate=2', async (own, heard) => {
      await chargeAt(own, 'pm_card_chargeDeclined')
      expect((await untilHeard(heard, 4)).toSorted()).toEqual([
        'charge.declined',
        'charge.declined',
        'charge.pending',
        'charge.pending',
      ])
    })
  })

  test('are sent again until they are accepted', async () => {
    await listen(
      'after',
      async (own, heard) => {
        await chargeAt(own, 'pm_card_visa')
        expect(await untilHeard(heard, 4)).toEqual(['charge.pending', 'charge.pending', 'charge.pending', 'charge.paid'])
      },
      [500, 404],
    )
  })
})
