/**
 * What differs between the runtimes that the service runs on. Everything else is Web standards, or a module of `node:`, which all
 * three have. One file here per runtime.
 */
import type { EncodedPicture } from './picture_format.ts'

export type Handler = (request: Request, address: string | undefined) => Response | Promise<Response>
/** `host` is an address or a name; `port` 0 takes a free one; with `reuse_port` several processes may listen on one. */
export type ListenOptions = { host: string; port: number; reuse_port: boolean }
/** `stop` takes nothing new and ends when what runs has ended; with `now`, at once. */
export type Listener = { port: number; stop: (now?: boolean) => Promise<void> }

export type Runtime = {
  name: 'bun' | 'deno' | 'node'
  version: string
  /** What runs a TypeScript file in a process of its own; the file follows. On Deno it may read, load native code, and nothing more. */
  command: string[]
  /**
   * Serves HTTP/1.1, and HTTP/1.0 without a Host. The URL of each request is absolute: where its Host is missing, that of
   * `localhost`. Under a Host that is not valid, it can be a URL that `new URL` refuses. Throws an error whose `code` is EADDRINUSE
   * where the port is taken.
   */
  listen: (handler: Handler, options: ListenOptions) => Promise<Listener>
  /**
   * Hashes by Argon2id with `memory_kib` KiB of memory and returns PHC's string format, which every runtime verifies. Neither call
   * blocks the event loop.
   */
  hashPassword: (password: string, memory_kib: number) => Promise<string>
  verifyPassword: (password: string, hash: string) => Promise<boolean>
  /**
   * Decodes JPEG, PNG or WebP, turns it upright and encodes it anew; throws 422 for anything else. Blocks nothing either, and
   * cannot be stopped: the service has src/domains/pictures/decoder.ts do it.
   */
  encodePicture: (bytes: Uint8Array) => Promise<EncodedPicture>
}

/** OWASP's minimum for argon2id: 19 MiB, two passes. */
export const ARGON2ID = { memory_kib: 19_456, passes: 2 }
/** Above the longest handler (a payment that takes its full 5 s), below what a slow-loris would like. */
export const IDLE_TIMEOUT_S = 15
/** The app refuses bodies far below this with a problem of its own; this bounds what a server buffers. */
export const MAX_REQUEST_BYTES = 32 * 1024 * 1024
