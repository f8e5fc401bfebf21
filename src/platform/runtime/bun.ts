/** Bun, which has everything built in. */

import { ARGON2ID } from '../argon2id.ts'
import { type Handler, IDLE_TIMEOUT_S, type ListenOptions, MAX_REQUEST_BYTES, type Runtime } from './adapter.ts'
import { type EncodedPicture, MAX_PIXELS, QUALITY, refusePicture, SIDES, type Size } from './picture_format.ts'

export const bun: Runtime = {
  name: 'bun',
  version: Bun.version,
  command: [process.execPath],
  listen,
  hashPassword: (password, memory_kib) =>
    Bun.password.hash(password, { algorithm: 'argon2id', memoryCost: memory_kib, timeCost: ARGON2ID.passes }),
  verifyPassword: (password, hash) => Bun.password.verify(password, hash),
  encodePicture,
}

async function listen(handler: Handler, { host, port, reuse_port }: ListenOptions) {
  const server = Bun.serve({
    hostname: host,
    port,
    reusePort: reuse_port,
    idleTimeout: IDLE_TIMEOUT_S,
    maxRequestBodySize: MAX_REQUEST_BYTES,
    fetch: (request, server) => handler(withAbsoluteUrl(request), server.requestIP(request)?.address),
  })
  return { port: server.port ?? port, stop: (now = false) => server.stop(now) }
}

/** Makes the URL absolute. Bun's URL is only the path if the Host is missing, as in HTTP/1.0, or invalid. */
function withAbsoluteUrl(request: Request): Request {
  return request.url.startsWith('/') ? new Request(`http://localhost${request.url}`, request) : request
}

async function encodePicture(bytes: Uint8Array): Promise<EncodedPicture> {
  try {
    const full = await scale(bytes, 'full')
    // The small sizes come from the large one, so that the original is decoded once.
    const [medium, small] = await Promise.all([scale(full, 'medium'), scale(full, 'small')])
    const { width, height } = await new Bun.Image(full).metadata()
    return { files: { full, medium, small }, width, height }
  } catch (error) {
    throw toRefusal(error)
  }
}

/** Takes bytes, never a path, because Bun.Image would read any file that a string names. */
function scale(bytes: Uint8Array, size: Size): Promise<Uint8Array> {
  return new Bun.Image(bytes, { maxPixels: MAX_PIXELS })
    .resize(SIDES[size], SIDES[size], { fit: 'inside', withoutEnlargement: true })
    .webp({ quality: QUALITY[size] })
    .bytes()
}

/** Returns the refusal for an error of Bun.Image about the picture. Any other error is a bug of ours. */
function toRefusal(error: unknown): unknown {
  const { code } = error as { code?: string }
  if (code === 'ERR_IMAGE_TOO_MANY_PIXELS') return refusePicture('too many pixels')
  if (code === 'ERR_IMAGE_DECODE_FAILED') return refusePicture('broken')
  if (code === 'ERR_IMAGE_UNKNOWN_FORMAT' || code === 'ERR_IMAGE_FORMAT_UNSUPPORTED') return refusePicture('unknown format')
  return error
}
