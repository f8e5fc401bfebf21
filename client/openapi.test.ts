import { expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import openapiTS, { astToString } from 'openapi-typescript'
import { readOpenApi } from '../test/support/openapi.ts'

const FILE = join(import.meta.dir, 'openapi.ts')
const HEAD = '/** What the API takes and answers, made from docs/openapi.json by openapi-typescript. */\n'

test('client/openapi.ts is what the server says (write it anew: UPDATE_DOCS=1 bun run test client/openapi.test.ts)', async () => {
  const types = await openapiTS(JSON.stringify(await readOpenApi()), { rootTypes: true, rootTypesNoSchemaPrefix: true })
  const said = HEAD + astToString(types)
  if (process.env.UPDATE_DOCS) writeFileSync(FILE, said)
  else expect(readFileSync(FILE, 'utf8')).toBe(said)
})
