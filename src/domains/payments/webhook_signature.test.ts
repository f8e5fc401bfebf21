import { describe, expect, test } from 'bun:test'
import { toProblem } from '../../platform/problem.ts'
import { signWebhook, verifyWebhook } from './webhook_signature.ts'

const NOW_S = 1_800_000_000
const BODY = '{"id":"evt_1","type":"charge.paid"}'
const OLD = 'an-old-secret-of-a-provider'
const NEW = 'a-new-secret-of-a-provider'

function codeOf(headers: Record<string, string>, body = BODY, secrets = [OLD, NEW]): string {
  try {
    verifyWebhook(secrets, new Headers(headers), body, NOW_S)
    return 'accepted'
  } catch (error) {
    return toProblem(error).code
  }
}

test('matches Standard Webhooks', () => {
  // Computed with: printf 'evt_1.1800000000.{}' | openssl dgst -sha256 -hmac secret -binary | base64
  expect(signWebhook('secret', 'evt_1', NOW_S, '{}')['webhook-signature']).toBe('v1,y1dk8dr3ozTtCbAvLeyw3fueO/8NOR4igs5GG/ZLxY8=')
})

describe('a signature', () => {
  const signed = signWebhook(OLD, 'evt_1', NOW_S, BODY)

  test('by any active secret is accepted, also among others', () => {
    expect(codeOf(signed)).toBe('accepted')
    expect(codeOf(signWebhook(NEW, 'evt_1', NOW_S, BODY))).toBe('accepted')
    expect(codeOf({ ...signed, 'webhook-signature': `v1,abc ${signed['webhook-signature']} v2,def` })).toBe('accepted')
  })

  test('by another secret or no secret, or while no secret is set, is rejected', () => {
    expect(codeOf(signWebhook('another', 'evt_1', NOW_S, BODY))).toBe('invalid_signature')
    expect(codeOf({})).toBe('invalid_signature')
    expect(codeOf({ ...signed, 'webhook-signature': '' })).toBe('invalid_signature')
    expect(codeOf(signed, BODY, [])).toBe('invalid_signature')
  })

  test('covers the body, the id and the time', () => {
    expect(codeOf(signed, BODY.replace('paid', 'Paid'))).toBe('invalid_signature')
    expect(codeOf(signed, `${BODY} `)).toBe('invalid_signature')
    expect(codeOf({ ...signed, 'webhook-id': 'evt_2' })).toBe('invalid_signature')
    expect(codeOf({ ...signed, 'webhook-timestamp': String(NOW_S + 1) })).toBe('invalid_signature')
  })

  test('is valid for 300 seconds, on either side of our clock', () => {
    for (const age_s of [-300, 300]) expect(codeOf(signWebhook(OLD, 'evt_1', NOW_S - age_s, BODY))).toBe('accepted')
    for (const age_s of [-301, 301]) expect(codeOf(signWebhook(OLD, 'evt_1', NOW_S - age_s, BODY))).toBe('invalid_signature')
    for (const timestamp of ['', 'now', '-1', '1e9', ' 1'])
      expect(codeOf({ ...signed, 'webhook-timestamp': timestamp })).toBe('invalid_signature')
  })
})
