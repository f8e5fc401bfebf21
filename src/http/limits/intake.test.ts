import { afterAll, afterEach, beforeAll, describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import type { ApiProcess } from '../../../test/support/api_process.ts'
import { type Api, openApi } from '../../../test/support/client.ts'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { scrape } from '../../../test/support/metrics.ts'
import { makePeople, type Person } from '../../../test/support/people.ts'
import { drawPng } from '../../../test/support/pictures.ts'
import { chosenRuntime } from '../../../test/support/runtimes.ts'
import { spawnApi } from '../../../test/support/server.ts'
import { sendUnfinished, type Unfinished, type UnfinishedInput } from '../../../test/support/unfinished.ts'

/** The limit for an account, and for an address. */
const MAX_UNFINISHED = 16
const MAX_UPLOADS = 4
const MIB = 1024 * 1024

let db: TestDatabase
let server: ApiProcess
let api: Api
let people: Person[]
let visitors = 0
const open: Unfinished[] = []
beforeAll(async () => {
  db = await openTestDatabase()
  people = await makePeople(db.sql, 60)
  // With the limits of every installation. The test sends nothing to Stripe.
  const variables = {
    RATE_LIMIT_SCALE: '1',
    TRUSTED_PROXIES: '1',
    STRIPE_SECRET_KEY: 'sk_test_1',
    STRIPE_WEBHOOK_SECRETS: 'whsec_1',
  }
  server = await spawnApi({ DATABASE_URL: db.url, ...variables })
  api = openApi(server.url)
}, 60_000)
afterEach(() => {
  for (const one of open.splice(0)) one.close()
})
afterAll(async () => {
  await server.stop()
  await db.close()
})

const newAddress = () => `192.0.2.${++visitors}`
const person = () => people.pop() as Person
async function begin(method: string, path: string, input: UnfinishedInput): Promise<Unfinished> {
  const one = await sendUnfinished(server.url, method, path, input)
  open.push(one)
  return one
}
const beginMany = (count: number, method: string, path: string, input: () => UnfinishedInput) =>
  Promise.all(Array.from({ length: count }, () => begin(method, path, input())))
const beginUpload = (token: string, declared = 20 * MIB, sent?: Uint8Array) =>
  begin('POST', '/v1/pictures', { token, address: newAddress(), type: 'image/png', declared, ...(sent ? { sent } : {}) })
const rename = ({ token }: Person, address: string) =>
  api('PATCH', '/v1/me', { token, headers: { 'X-Forwarded-For': address }, body: { display_name: 'Ann' } })
const answersOf = (requests: Unfinished[]) => Promise.all(requests.map((one) => one.answer))
/** Returns the responses after `count` of them have arrived. */
function firstAnswers(requests: Unfinished[], count: number): Promise<{ status: number; text: string }[]> {
  const answers: { status: number; text: string }[] = []
  const enough = Promise.withResolvers<typeof answers>()
  for (const one of requests)
    one.answer.then((answer) => answers.push(answer) === count && enough.resolve(answers), enough.reject)
  return enough.promise
}

describe('bodies that do not end', () => {
  test('of an account from many addresses: 16 get 408 after 5 s, the others 429 at once, and complete ones pass', async () => {
    const one = person()
    const requests = await beginMany(MAX_UNFINISHED + 4, 'PATCH', '/v1/me', () => ({ token: one.token, address: newAddress() }))
    for (const { status, text } of await firstAnswers(requests, 4))
      expect({ status, code: JSON.parse(text).code }).toEqual({ status: 429, code: 'too_many_at_once' })
    expectStatus(await rename(one, newAddress()), 200)
    const statuses = (await answersOf(requests)).map(({ status }) => status).sort()
    expect(statuses).toEqual([...Array(MAX_UNFINISHED).fill(408), 429, 429, 429, 429])
    const [late] = (await answersOf(requests)).filter(({ status }) => status === 408)
    expect(JSON.parse(late?.text ?? '')).toMatchObject({ code: 'request_timeout', detail: expect.stringContaining('5 seconds') })
  }, 30_000)

  test('of one account do not block another account at the same address, up to 128 in all', async () => {
    const address = newAddress()
    const beginAs = ({ token }: Person, count: number) => beginMany(count, 'PATCH', '/v1/me', () => ({ token, address }))
    const crowd = await Promise.all(Array.from({ length: 9 }, () => beginAs(person(), MAX_UNFINISHED)))
    const statuses = (await answersOf(crowd.flat())).map(({ status }) => status)
    expect(statuses.sort()).toEqual([...Array(128).fill(408), ...Array(16).fill(429)])
  }, 30_000)

  test.each([
    ['POST', '/v1/sessions'],
    ['POST', '/v1/webhooks/stripe'],
  ])('of anonymous callers, at %s %s: 16 for an address, and others pass', async (method, path) => {
    const address = newAddress()
    const requests = await beginMany(MAX_UNFINISHED + 3, method, path, () => ({ address }))
    for (const { status } of await firstAnswers(requests, 3)) expect(status).toBe(429)
    const body = { email: 'nobody@example.com', password: 'a wrong password' }
    expectProblem(await api('POST', '/v1/sessions', { headers: { 'X-Forwarded-For': newAddress() }, body }), 401)
  })

  test('1,100 of one account: no other caller gets 503', async () => {
    const [one, other] = [person(), person()]
    const sending = beginMany(1100, 'PATCH', '/v1/me', () => ({ token: one.token, address: '198.51.100.1' }))
    const statuses: number[] = []
    let are_sent = false
    void sending.then(() => (are_sent = true))
    do statuses.push((await rename(other, '198.51.100.2')).status)
    while (!are_sent)
    const answers = await firstAnswers(await sending, 1100 - MAX_UNFINISHED)
    expect(answers.every(({ status }) => status === 429)).toBe(true)
    for (let n = 0; n < 10; n++) statuses.push((await rename(other, '198.51.100.2')).status)
    expect([...new Set(statuses)]).toEqual([200])
  }, 60_000)

  test('1,080 webhook bodies from 72 addresses: no other caller gets 503', async () => {
    const [other, address] = [person(), newAddress()]
    const addresses = Array.from({ length: 72 }, (_, n) => `2001:db8:0:${n.toString(16)}::1`)
    for (const from of addresses) await beginMany(15, 'POST', '/v1/webhooks/stripe', () => ({ address: from }))
    expectStatus(await rename(other, address), 200)
  }, 60_000)
})

describe('uploads that do not end', () => {
  const upload = ({ token }: Person, picture: Uint8Array = drawPng()) =>
    api('POST', '/v1/pictures', {
      token,
      headers: { 'Content-Type': 'image/png', 'X-Forwarded-For': newAddress() },
      raw: picture as BodyInit,
    })

  test('an account has four at a time', async () => {
    const one = person()
    for (let n = 0; n < MAX_UPLOADS + 1; n++) await beginUpload(one.token, 1000)
    expect((await firstAnswers(open, 1))[0]?.status).toBe(429)
    expectProblem(await upload(one), 429, 'too_many_at_once')
    expectStatus(await upload(person()), 201)
    for (const request of open.splice(0)) request.close()
    await until(async () => (await upload(one)).status === 201)
  })

  test('all together have 256 MiB; a small one passes beside large ones', async () => {
    const [one, two, three] = [person(), person(), person()]
    for (const { token } of [one, two]) for (let n = 0; n < MAX_UPLOADS; n++) await beginUpload(token)
    await beginUpload(three.token)
    const [refused] = await firstAnswers(open, 1)
    expect({ status: refused?.status, code: JSON.parse(refused?.text ?? '').code }).toEqual({ status: 503, code: 'unavailable' })
    expectStatus(await upload(three), 201)
  })

  test('40 of 19 MB take less than 400 MB of memory', async () => {
    const sent = new Uint8Array(19_000_000)
    const before = await residentBytes()
    for (let n = 0; n < 10; n++) {
      const { token } = person()
      for (let m = 0; m < 4; m++) await beginUpload(token, 20_000_000, sent)
    }
    await firstAnswers(open, 30)
    // The bytes of refused uploads are garbage that the next collection frees, within a second.
    await until(async () => {
      const resident = await residentBytes()
      return resident - before < 256 * MIB && (chosenRuntime() !== 'bun' || resident < 400e6)
    })
  }, 60_000)

  test('that have hardly begun make room for a large new one', async () => {
    // With extra bytes after its end, like pictures of cameras.
    const large = Buffer.concat([drawPng(), new Uint8Array(19 * MIB)])
    for (const { token } of [person(), person()]) for (let n = 0; n < MAX_UPLOADS; n++) await beginUpload(token)
    const other = person()
    await until(async () => (await upload(other, large)).status === 201)
    const [gave_way] = await firstAnswers(open, 1)
    expect({ status: gave_way?.status, code: JSON.parse(gave_way?.text ?? '').code }).toEqual({
      status: 503,
      code: 'unavailable',
    })
  }, 20_000)

  async function residentBytes(): Promise<number> {
    return (await scrape(api)).process_resident_memory_bytes as number
  }

  async function until(condition: () => Promise<boolean>): Promise<void> {
    const deadline = Date.now() + 10_000
    while (!(await condition())) {
      if (Date.now() > deadline) throw new Error('What was waited for did not come.')
      // An account has 120 uploads a minute.
      await Bun.sleep(200)
    }
  }
})
