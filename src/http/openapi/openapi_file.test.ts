import { expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readOpenApi } from '../../../test/support/openapi.ts'
import { projectRoot } from '../../platform/project.ts'

const FILE = join(projectRoot, 'docs', 'openapi.json')

test('docs/openapi.json is what the server says (write it anew: UPDATE_DOCS=1 bun run test src/http/openapi/openapi_file.test.ts)', async () => {
  const said = `${JSON.stringify(await readOpenApi(), null, 1)}\n`
  if (process.env.UPDATE_DOCS) writeFileSync(FILE, said)
  else expect(readFileSync(FILE, 'utf8')).toBe(said)
})
