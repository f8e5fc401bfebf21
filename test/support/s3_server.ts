/** An S3 server in memory with the calls that pictures need. It checks every signature itself (AWS Signature Version 4). */
import { createHash, createHmac } from 'node:crypto'

export type S3Server = { url: string; objects: Map<string, { bytes: Uint8Array; type: string }>; stop: () => Promise<void> }

type Keys = { access_key_id: string; secret_access_key: string; region: string }

/** `objects` are the stored objects by path (`bucket/key`). The server returns 403 for a wrong signature. */
export function startS3Server(keys: Keys): S3Server {
  const objects: S3Server['objects'] = new Map()
  const server = Bun.serve({
    port: 0,
    hostname: '127.0.0.1',
    fetch: async (request) => {
      const bytes = new Uint8Array(await request.arrayBuffer())
      if (!isSigned(request, bytes, keys)) return refuse(403, 'SignatureDoesNotMatch')
      const path = decodeURIComponent(new URL(request.url).pathname.slice(1))
      if (request.method === 'PUT') {
        objects.set(path, { bytes, type: request.headers.get('content-type') ?? '' })
        return new Response(null)
      }
      const found = objects.get(path)
      if (request.method === 'DELETE') {
        objects.delete(path)
        return new Response(null, { status: 204 })
      }
      return found ? new Response(found.bytes as Uint8Array<ArrayBuffer>) : refuse(404, 'NoSuchKey')
    },
  })
  return { url: `http://127.0.0.1:${server.port}`, objects, stop: () => server.stop(true) }
}

function refuse(status: number, code: string): Response {
  return new Response(`<?xml version="1.0"?><Error><Code>${code}</Code><Message>${code}</Message></Error>`, { status })
}

/** Computes the signature of the request and compares it with the one in the Authorization header. */
function isSigned(request: Request, body: Uint8Array, { access_key_id, secret_access_key, region }: Keys): boolean {
  const { headers, method, url } = request
  const given =
    /^AWS4-HMAC-SHA256 Credential=([^/]+)\/(\d{8})\/([^/]+)\/s3\/aws4_request, ?SignedHeaders=([^,]+), ?Signature=(\w+)$/.exec(
      headers.get('authorization') ?? '',
    )
  if (!given) return false
  const [, key_id, date = '', given_region, signed = '', signature] = given
  const payload = headers.get('x-amz-content-sha256') ?? ''
  if (payload !== 'UNSIGNED-PAYLOAD' && payload !== sha256(body)) return false
  const { pathname, searchParams } = new URL(url)
  const query = [...searchParams].map(([name, value]) => `${encodeURIComponent(name)}=${encodeURIComponent(value)}`).sort()
  const lines = signed.split(';').map((name) => `${name}:${headers.get(name)?.trim()}\n`)
  const canonical = [method, pathname, query.join('&'), lines.join(''), signed, payload].join('\n')
  const scope = `${date}/${region}/s3/aws4_request`
  const text = ['AWS4-HMAC-SHA256', headers.get('x-amz-date'), scope, sha256(canonical)].join('\n')
  const key = [date, region, 's3', 'aws4_request'].reduce<string | Buffer>(
    (secret, part) => createHmac('sha256', secret).update(part).digest(),
    `AWS4${secret_access_key}`,
  )
  const expected = createHmac('sha256', key).update(text).digest('hex')
  return key_id === access_key_id && given_region === region && signature === expected
}

function sha256(data: string | Uint8Array): string {
  return createHash('sha256').update(data).digest('hex')
}
