/** Stores pictures in a bucket of S3 or a compatible store. */
import { AwsClient } from 'aws4fetch'
import { Problem } from '../../platform/problem.ts'
import { CONTENT_TYPE, type PictureStore } from './store.ts'

export type S3Settings = {
  bucket: string
  region: string
  access_key_id: string
  secret_access_key: string
  /** Default: the endpoint of AWS in the region. */
  endpoint?: string
}

/** Enough for 1 MB to a far region. A slower store counts as unavailable. */
const TIMEOUT_MS = 10_000
/** One prefix, so that the bucket can hold other files. */
const PREFIX = 'pictures/'

/** Path-style URLs, which every S3-compatible store supports. */
export function openS3Store({ bucket, region, access_key_id, secret_access_key, endpoint }: S3Settings): PictureStore {
  const signer = new AwsClient({
    service: 's3',
    region,
    accessKeyId: access_key_id,
    secretAccessKey: secret_access_key,
    // The caller decides about retries.
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

/** The error code in the XML of S3. */
function refusalOf(status: number, text: string): Error & { code: string } {
  const [, code = String(status)] = /<Code>(\w+)<\/Code>/.exec(text) ?? []
  return Object.assign(new Error(`the store answered ${status} ${code}`), { code })
}

/** Returns the result of `work`. Throws 503 if the store fails or times out. */
async function inTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> {
  try {
    return await work(AbortSignal.timeout(TIMEOUT_MS))
  } catch (cause) {
    const gone = new Problem('unavailable', 'The picture store cannot be reached.')
    throw Object.assign(gone, { cause })
  }
}
