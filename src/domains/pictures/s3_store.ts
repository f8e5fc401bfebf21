/** Pictures in a bucket of S3 or of anything that speaks it, over HTTP. */
import { AwsClient } from 'aws4fetch'
import { Problem } from '../../platform/problem.ts'
import { CONTENT_TYPE, type PictureStore } from './store.ts'

export type S3Settings = {
  bucket: string
  region: string
  access_key_id: string
  secret_access_key: string
  /** Unset: that of AWS for the region. */
  endpoint?: string
}

/** Long enough for 1 MB to a far region; a store that takes longer is taken for gone. */
const TIMEOUT_MS = 10_000
/** All below one prefix, so that a bucket may hold other things too. */
const PREFIX = 'pictures/'

/** Below the endpoint the bucket is part of the path, which everything that speaks S3 understands. */
export function openS3Store({ bucket, region, access_key_id, secret_access_key, endpoint }: S3Settings): PictureStore {
  const signer = new AwsClient({
    service: 's3',
    region,
    accessKeyId: access_key_id,
    secretAccessKey: secret_access_key,
    // Whoever waits decides whether to try again.
    retries: 0,
  })
  const root = `${endpoint?.replace(/\/+$/, '') ?? `https://s3.${region}.amazonaws.com`}/${bucket}/${PREFIX}`
  const call = (method: string, key: string, body?: Uint8Array<ArrayBuffer>) =>
    inTime(async (signal) => {
      const answer = await signer.fetch(root + key, {
        method,
        signal,
        ...(body ? { body, headers: { 'Content-Type': CONTENT_TYPE } } : {}),
      })
      const bytes = new Uint8Array(await answer.arrayBuffer())
      if (answer.ok) return bytes
      const refusal = refusalOf(answer.status, new TextDecoder().decode(bytes))
      if (refusal.code === 'NoSuchKey') return null
      throw refusal
    })
  return {
    put: async (key, bytes) => void (await call('PUT', key, new Uint8Array(bytes))),
    get: (key) => call('GET', key),
    remove: async (key) => void (await call('DELETE', key)),
  }
}

/** What S3 says in XML. */
function refusalOf(status: number, text: string): Error & { code: string } {
  const [, code = String(status)] = /<Code>(\w+)<\/Code>/.exec(text) ?? []
  return Object.assign(new Error(`the store answered ${status} ${code}`), { code })
}

/** The work, or 503 when the store refuses or does not answer in time. */
async function inTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  try {
    return await work(AbortSignal.timeout(TIMEOUT_MS))
  } catch (cause) {
    const gone = new Problem('unavailable', 'The picture store cannot be reached.', {}, { 'Retry-After': '1' })
    throw Object.assign(gone, { cause })
  }
}
