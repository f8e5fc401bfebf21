/**
 * The differences between the runtimes, one file for each. All other code uses Web standards or modules of `node:`, which all
 * three runtimes have.
 */
import type { EncodedPicture } from './picture_format.ts'

export type Handler = (request: Request, address: string | undefined) => Response | Promise<Response>
/** `host` is an address or a name. `port` 0 takes a free port. With `reuse_port` several processes can listen on one port. */
export type ListenOptions = { host: string; port: number; reuse_port: boolean }
/** `stop` accepts no new requests and resolves when the running requests have ended. With `now`, it ends them. */
export type Listener = { port: number; stop: (now?: boolean) => Promise<void> }

export type Runtime = {
  name: 'bun' | 'deno' | 'node'
  version: string
  /**
   * The command that runs a TypeScript file in its own process, without the file. On Deno the process can only read and load
   * native code.
   */
  command: string[]
  /**
   * Serves HTTP/1.1, and HTTP/1.0 without a Host. The URL of each request is absolute. Without a Host its host is `localhost`.
   * With an invalid Host, `new URL` can refuse it. Throws an error with the `code` EADDRINUSE if the port is taken.
   */
  listen: (handler: Handler, options: ListenOptions) => Promise<Listener>
  /**
   * Hashes by Argon2id with `memory_kib` KiB of memory and returns PHC's string format, which every runtime verifies. Neither
   * call blocks the event loop.
   */
  hashPassword: (password: string, memory_kib: number) => Promise<string>
  verifyPassword: (password: string, hash: string) => Promise<boolean>
  /**
   * Decodes JPEG, PNG or WebP, turns it upright and encodes it again. Throws 422 for anything else. It does not block the event
   * loop, and it cannot be stopped. So the service runs it in another process (src/domains/pictures/decoder.ts), which it can
   * kill.
   */
  encodePicture: (bytes: Uint8Array) => Promise<EncodedPicture>
}

/** Longer than the slowest handler, a payment that takes its full 5 s. Shorter than a slow-loris attack needs. */
export const IDLE_TIMEOUT_S = 15
/** Bounds the bytes that a server buffers. The app refuses much smaller bodies with its own problem. */
export const MAX_REQUEST_BYTES = 32 * 1024 * 1024
