/** `bun run check`: every check that needs no running service. Prints a line for each check, and details of failures. */
import { join } from 'node:path'
import { writeClientTypes } from './check/client_types.ts'
import { checkDocument } from './check/document.ts'
import { checkFunctionFiles } from './check/function_files.ts'
import { checkMigrations } from './check/migrations.ts'
import { checkSql } from './check/sql.ts'
import { runTool } from './check/tool.ts'

/** `run` returns the errors to print, or an empty text. */
type Check = { name: string; run: () => Promise<string> }

const biome = join('node_modules', '@biomejs', 'biome', 'bin', 'biome')

const dependency_cruiser = join('node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs')
const places = ['apps', 'bench', 'client', 'db', 'loadtest', 'src', 'test']

const checks: Check[] = [
  { name: 'types', run: () => writeClientTypes().then(() => runTool(['check', '--no-script'])) },
  { name: 'format and lint', run: () => runTool([biome, 'check', '--error-on-warnings', '.']) },
  { name: 'imports', run: () => runTool([dependency_cruiser, '--config', '.dependency-cruiser.json', ...places]) },
  { name: 'folders', run: () => runTool([dependency_cruiser, '--config', '.dependency-cruiser.folders.json', 'src', 'apps']) },
  { name: 'migrations', run: checkMigrations },
  { name: 'function files', run: checkFunctionFiles },
  { name: 'SQL lint', run: checkSql },
  { name: 'docs/openapi.json', run: checkDocument },
]

/** Runs one check and prints its line. A check that throws fails. */
async function passes(check: Check): Promise<boolean> {
  const began = performance.now()
  const trouble = await check.run().catch((error: Error) => error.message)
  const seconds = ((performance.now() - began) / 1000).toFixed(1)
  console.log(`${trouble === '' ? 'ok    ' : 'FAILED'}  ${check.name}  (${seconds} s)`)
  if (trouble !== '') console.log(trouble)
  return trouble === ''
}

let failures = 0
for (const check of checks) failures += (await passes(check)) ? 0 : 1
console.log(`${checks.length - failures} checks passed, ${failures} failed`)
process.exit(failures === 0 ? 0 : 1)
