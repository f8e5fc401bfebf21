/** `bun run check`: what can be said about the tree without running the service. A line a check; details only of what fails. */
import { join } from 'node:path'
import { checkDocument } from './check/document.ts'
import { checkFunctionFiles } from './check/function_files.ts'
import { checkMigrations } from './check/migrations.ts'
import { checkSql } from './check/sql.ts'
import { runTool } from './check/tool.ts'

/** Answers what is wrong, as it should be printed; empty when nothing is. */
type Check = { name: string; run: () => Promise<string> }

const biome = join('node_modules', '@biomejs', 'biome', 'bin', 'biome')

const dependency_cruiser = join('node_modules', 'dependency-cruiser', 'bin', 'dependency-cruiser.mjs')
const places = ['apps', 'bench', 'client', 'db', 'loadtest', 'src', 'test']

const checks: Check[] = [
  { name: 'types', run: () => runTool(['check', '--no-script']) },
  { name: 'format and lint', run: () => runTool([biome, 'check', '--error-on-warnings', '.']) },
  { name: 'imports', run: () => runTool([dependency_cruiser, '--config', '.dependency-cruiser.json', ...places]) },
  { name: 'migrations', run: checkMigrations },
  { name: 'function files', run: checkFunctionFiles },
  { name: 'SQL lint', run: checkSql },
  { name: 'docs/openapi.json', run: checkDocument },
]

/** Runs one check and prints its line. A check that throws has failed, too. */
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
