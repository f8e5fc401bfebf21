import { expect, test } from 'bun:test'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { readOpenApi } from '../../../test/support/openapi.ts'
import { writeClientTypes } from '../../commands/check/client_types.ts'
import { projectRoot } from '../../platform/project.ts'

const FILE = join(projectRoot, 'docs', 'openapi.json')

// `UPDATE_DOCS=1 bun run test src/http/openapi/openapi_file.test.ts` writes the document, then the types of the client.
test('docs/openapi.json is the document of the server', async () => {
  const rendered = `${JSON.stringify(await readOpenApi(), null, 1)}\n`
  if (process.env.UPDATE_DOCS) {
    writeFileSync(FILE, rendered)
    await writeClientTypes()
  } else expect(readFileSync(FILE, 'utf8')).toBe(rendered)
})
