/** An edge runtime, which has only the network and the environment. It hashes passwords by WebAssembly. */
import { argon2id, argon2Verify } from 'hash-wasm'
import { ARGON2ID } from '../argon2id.ts'
import type { Runtime } from './adapter.ts'

const SALT_BYTES = 16
const HASH_BYTES = 32

export const edge: Pick<Runtime, 'hashPassword' | 'verifyPassword'> & { name: 'edge'; version: string } = {
  name: 'edge',
  version: '1',
  hashPassword: (password, memory_kib) =>
    argon2id({
      password,
      salt: crypto.getRandomValues(new Uint8Array(SALT_BYTES)),
      memorySize: memory_kib,
      iterations: ARGON2ID.passes,
      parallelism: 1,
      hashLength: HASH_BYTES,
      outputType: 'encoded',
    }),
  verifyPassword: (password, hash) => argon2Verify({ password, hash }),
}
