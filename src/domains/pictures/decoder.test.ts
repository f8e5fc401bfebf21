import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus } from '../../../test/support/api.ts'
import { findDecoders, freezeDecoder } from '../../../test/support/decoders.ts'
import { scrape } from '../../../test/support/metrics.ts'
import { drawPng } from '../../../test/support/pictures.ts'
import { chosenRuntime } from '../../../test/support/runtimes.ts'
import { startServer } from '../../../test/support/server.ts'
import { type Shopper, signUp } from '../../../test/support/shopper.ts'

const { url: server, api } = await startServer()

/** Decoding it takes long enough to be caught at it. */
const large = drawPng({ width: 4000, height: 3000 })
const headers = { 'Content-Type': 'image/png' }
const send = (who: Shopper, bytes: Uint8Array) => who.call('POST', '/v1/pictures', { raw: new Uint8Array(bytes), headers })

describe.if(process.platform === 'linux')('a decoder', () => {
  test('that takes longer than 3 s is killed, and other pictures are decoded meanwhile', async () => {
    const [ann, bo] = [await signUp(), await signUp()]
    const stuck = send(ann, large)
    const pid = await freezeDecoder()
    expectStatus(await send(bo, drawPng()), 201)
    const { errors } = expectProblem(await stuck, 422, 'invalid_input')
    expect(errors).toEqual([{ pointer: '#', detail: expect.stringContaining('within 3 seconds') }])
    expect(findDecoders()).not.toContain(pid)
  }, 30_000)

  test('ends when its client disconnects, and the next picture of its account is decoded', async () => {
    const [who, before] = [await signUp(), await countGone()]
    const client = new AbortController()
    const authorization = { Authorization: `Bearer ${who.token}` }
    const gone = fetch(`${server}/v1/pictures`, {
      method: 'POST',
      body: large as BodyInit,
      headers: { ...headers, ...authorization },
      signal: client.signal,
    })
    const pid = await freezeDecoder()
    client.abort()
    expect(gone).rejects.toThrow()
    expectStatus(await send(who, drawPng()), 201)
    expect(findDecoders()).not.toContain(pid)
    // Deno does not always tell that a client is gone; the decoder ends after its 3 s.
    if (chosenRuntime() !== 'deno') expect(await countGone()).toBe(before + 1)
  }, 30_000)
})

/** Uploads that ended because their client was gone. */
async function countGone(): Promise<number> {
  const uploads = Object.entries(await scrape(api)).filter(([name]) => name.startsWith('http_request_duration_seconds_count'))
  const [, count = 0] = uploads.find(([name]) => name.includes('"/v1/pictures"') && name.includes('"408"')) ?? []
  return count
}
