/** `bun run client`: writes client/openapi.ts, the types of the typed client. */
import { writeClientTypes } from './check/client_types.ts'

await writeClientTypes()
console.log('Wrote client/openapi.ts from docs/openapi.json.')
