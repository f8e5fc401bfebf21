/** Measures how one account slows down others under the default limits: by unfinished bodies and uploads, and slow pictures. */
import type { Pool } from '../src/platform/db/client.ts'
import type { ApiProcess } from '../test/support/api_process.ts'
import { countEach, describeCounts, median } from '../test/support/figures.ts'
import { makePeople, type Person } from '../test/support/people.ts'
import { drawPng, repeatLastScan } from '../test/support/pictures.ts'
import { sendUnfinished, type Unfinished } from '../test/support/unfinished.ts'
import { type Figure, withBench } from './bench.ts'

const BODIES = 1100
const UPLOADS = 40
const UPLOAD_BYTES = 19_000_000
const CALLS = 20
/** The pause keeps the account below its limit of 1,200 calls a minute. */
const PAUSE_MS = 10
/** The encoder makes 10 scans. Together they are the 64 scans that the API accepts. */
const ADDED_SCANS = 54
const SLOW_SIDE_PX = 7000

export function benchFloods(database_url: string | undefined): Promise<Figure[]> {
  return withBench(database_url, { has_catalog: false }, async ({ sql, start }) => {
    const api = await start({ RATE_LIMIT_SCALE: '1', TRUSTED_PROXIES: '1' })
    return [
      ...(await sendBodies(api, await makePeople(sql, 2))),
      ...(await sendUploads(api, await makePeople(sql, UPLOADS / 4))),
      ...(await sendSlowPictures(api, await makePeople(sql, 2))),
      ...(await claimKeys(sql, await makePeople(sql, 1))),
    ]
  })
}

type Timed = { status: number; took_ms: number }

async function call(url: string, { token }: Person, path: string, init: RequestInit): Promise<Timed> {
  const began = performance.now()
  const headers = { Authorization: `Bearer ${token}`, 'X-Forwarded-For': '198.51.100.2', ...init.headers }
  const response = await fetch(url + path, { ...init, headers })
  await response.text()
  return { status: response.status, took_ms: performance.now() - began }
}

async function sendBodies({ url }: ApiProcess, [one, other]: Person[]): Promise<Figure[]> {
  const open: Unfinished[] = []
  const begin = async () => {
    const input = { token: (one as Person).token, address: '198.51.100.1' }
    open.push(await sendUnfinished(url, 'PATCH', '/v1/me', input))
  }
  const sending = Promise.all(Array.from({ length: BODIES }, begin))
  const calls: Timed[] = []
  const headers = { 'Content-Type': 'application/json' }
  const until = performance.now() + 6000
  while (performance.now() < until) {
    calls.push(await call(url, other as Person, '/v1/me', { method: 'PATCH', headers, body: '{"display_name":"Ann"}' }))
    await Bun.sleep(PAUSE_MS)
  }
  await sending
  const answers = await Promise.all(open.map(({ answer }) => answer.then(({ status }) => status)))
  for (const request of open) request.close()
  return [
    { name: `${BODIES} unfinished bodies`, value: describeCounts(countEach(answers)) },
    {
      name: 'another account meanwhile',
      value: `${describeCounts(countEach(calls.map(({ status }) => status)))}, ${describeTimes(calls)}`,
    },
  ]
}

async function sendUploads({ url, readRssMb }: ApiProcess, people: Person[]): Promise<Figure[]> {
  const sent = new Uint8Array(UPLOAD_BYTES)
  const before = readRssMb()
  const uploads: Unfinished[] = []
  for (const { token } of people)
    for (let n = 0; n < UPLOADS / people.length; n++) {
      const address = `192.0.2.${uploads.length}`
      uploads.push(
        await sendUnfinished(url, 'POST', '/v1/pictures', { token, address, type: 'image/png', declared: 20_000_000, sent }),
      )
    }
  const statuses: number[] = []
  for (const { answer } of uploads) answer.then(({ status }) => statuses.push(status)).catch(() => {})
  let most = readRssMb()
  const until = performance.now() + 5000
  while (performance.now() < until) {
    most = Math.max(most, readRssMb())
    await Bun.sleep(100)
  }
  const waiting = UPLOADS - statuses.length
  for (const upload of uploads) upload.close()
  return [
    { name: `${UPLOADS} unfinished uploads of 19 MB`, value: `${waiting} wait, ${describeCounts(countEach(statuses))}` },
    { name: 'memory before, and at most', value: `${before.toFixed(0)} MB, ${most.toFixed(0)} MB` },
  ]
}

async function sendSlowPictures({ url }: ApiProcess, [one, other]: Person[]): Promise<Figure[]> {
  const large = new Bun.Image(drawPng({ width: SLOW_SIDE_PX, height: SLOW_SIDE_PX }))
  const progressive = await large.jpeg({ progressive: true }).bytes()
  const upload = (person: Person, type: string, body: Uint8Array) =>
    call(url, person, '/v1/pictures', { method: 'POST', headers: { 'Content-Type': type }, body: body as BodyInit })
  const uploadSmall = () => upload(other as Person, 'image/png', drawPng())
  const alone: Timed[] = []
  for (let n = 0; n < CALLS; n++) alone.push(await uploadSmall())
  const refused = await upload(one as Person, 'image/jpeg', repeatLastScan(progressive, ADDED_SCANS + 1))
  // Sends the same file twice. The server has not stored it yet, so it decodes both, one after the other.
  const slow: Timed[] = []
  const sendSlow = async () => void slow.push(await upload(one as Person, 'image/jpeg', repeatLastScan(progressive, ADDED_SCANS)))
  const sending = Promise.all([sendSlow(), sendSlow()])
  const beside: Timed[] = []
  for (let n = 0; n < CALLS; n++) beside.push(await uploadSmall())
  const still_slow = 2 - slow.length
  await sending
  return [
    { name: 'a JPEG of 65 scans', value: `${refused.status}, ${describeTimes([refused])}` },
    {
      name: `a JPEG of ${SLOW_SIDE_PX}², 64 scans`,
      value: `${describeCounts(countEach(slow.map(({ status }) => status)))}, ${describeTimes(slow)}, ${still_slow} still decoding when the small ones were answered`,
    },
    { name: 'a small picture alone', value: describeTimes(alone) },
    {
      name: 'a small picture beside two such',
      value: `${describeCounts(countEach(beside.map(({ status }) => status)))}, ${describeTimes(beside)}`,
    },
  ]
}

/** Measures the claim of a key for an account without keys, and for an account with 19,000 keys. */
async function claimKeys(sql: Pool, [one]: Person[]): Promise<Figure[]> {
  const { id } = one as Person
  const claim = async () => {
    const began = performance.now()
    await sql`select * from claim_key(${id}, 'POST /v1/things', ${crypto.randomUUID()}, ${Buffer.alloc(32)}, 0, 1)`
    return { status: 200, took_ms: performance.now() - began }
  }
  const claimMany = async () => {
    const calls: Timed[] = []
    for (let n = 0; n < CALLS; n++) calls.push(await claim())
    return describeTimes(calls)
  }
  const none = await claimMany()
  await sql`
    insert into idempotency_keys (user_id, call, key, fingerprint, locked_until, status_code, body, created_at)
    select ${id}, 'POST /v1/things', n, ${Buffer.alloc(32)}, now(), 201, repeat('x', 1500), now() - interval '1 minute' - n * interval '4 seconds'
    from generate_series(1, 19000) n`
  // Each claim counts up to 1,000 uncounted keys. These claims count all of them, because real calls would have counted them,
  // too.
  await claimMany()
  return [
    { name: 'a claim of a key, without any', value: none },
    { name: 'with 19,000 of the account in a day', value: await claimMany() },
  ]
}

function describeTimes(calls: Timed[]): string {
  const times_ms = calls.map(({ took_ms }) => took_ms)
  return times_ms.length === 1
    ? `${times_ms[0]?.toFixed(0)} ms`
    : `p50 ${median(times_ms).toFixed(1)} ms, at most ${Math.max(...times_ms).toFixed(0)} ms`
}
