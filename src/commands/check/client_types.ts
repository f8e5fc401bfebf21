import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import openapiTS, { astToString } from 'openapi-typescript'
import { projectRoot } from '../../platform/project.ts'

const HEAD = '/** Generated from docs/openapi.json by openapi-typescript: bun run client */\n'

/**
 * Writes client/openapi.ts, the types of every call, from docs/openapi.json. The file is not committed, because one command
 * creates it.
 */
export async function writeClientTypes(): Promise<void> {
  const document = readFileSync(join(projectRoot, 'docs', 'openapi.json'), 'utf8')
  const types = await openapiTS(document, { rootTypes: true, rootTypesNoSchemaPrefix: true })
  writeFileSync(join(projectRoot, 'client', 'openapi.ts'), HEAD + astToString(types))
}
