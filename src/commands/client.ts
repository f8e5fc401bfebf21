/**
 * `bun run client`, and the last step of `bun install`: writes client/openapi.ts, the types of the typed client. `bun install
 * --production` does not install the generator, and production does not need the types.
 */
import { createRequire } from 'node:module'

if (hasGenerator()) {
  const { writeClientTypes } = await import('./check/client_types.ts')
  await writeClientTypes()
  console.log('Wrote client/openapi.ts from docs/openapi.json.')
} else console.log('client/openapi.ts needs the development packages: bun install.')

function hasGenerator(): boolean {
  try {
    createRequire(import.meta.url).resolve('openapi-typescript')
    return true
  } catch {
    return false
  }
}
