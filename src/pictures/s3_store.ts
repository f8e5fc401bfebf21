/** Pictures in a bucket of S3 or of anything that speaks it, by Bun's own client. */
import { Problem } from '../problem.ts'
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

export function openS3Store({ bucket, region, access_key_id, secret_access_key, endpoint }: S3Settings): PictureStore {
  const client = new Bun.S3Client({
    bucket,
    region,
    accessKeyId: access_key_id,
    secretAccessKey: secret_access_key,
    ...(endpoint ? { endpoint } : {}),
  })
  return {
    put: async (key, bytes) => void (await inTime(client.write(PREFIX + key, bytes, { type: CONTENT_TYPE }))),
    get: (key) =>
      inTime(
        client
          .file(PREFIX + key)
          .bytes()
          .catch(nullWhereNone),
      ),
    remove: async (key) => void (await inTime(client.delete(PREFIX + key).catch(nullWhereNone))),
  }
}

function nullWhereNone(error: unknown): null {
  if ((error as { code?: string }).code === 'NoSuchKey') return null
  throw error
}

/** The work, or 503 when the store refuses or does not answer in time. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let timer: ReturnType<typeof setTimeout> | undefined
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`no answer in ${TIMEOUT_MS} ms`)), TIMEOUT_MS)
  })
  try {
    return await Promise.race([work, late])
  } catch (cause) {
    const gone = new Problem('unavailable', 'The store of pictures cannot be reached.', {}, { 'Retry-After': '1' })
    throw Object.assign(gone, { cause })
  } finally {
    clearTimeout(timer)
  }
}
