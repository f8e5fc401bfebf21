/** `bun run build:edge`: builds the API into one file for edge runtimes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { readArguments, runCommand } from '../../src/platform/arguments.ts'
import { projectRoot } from '../../src/platform/project.ts'
import { buildEdge } from './build.ts'

const usage = `Usage: bun run build:edge

Writes dist/edge.js, an "export default { fetch }" that reads its settings, such as DATABASE_URL, from the environment.
To try it: deno serve --allow-net --allow-env dist/edge.js`

await runCommand(usage, async () => {
  readArguments({})
  const folder = join(projectRoot, 'dist')
  const bytes = await buildEdge(folder)
  const zipped = gzipSync(readFileSync(join(folder, 'edge.js'))).length
  const kb = (count: number) => `${Math.round(count / 1000)} kB`
  console.log(`dist/edge.js: ${kb(bytes)}, ${kb(zipped)} compressed`)
  return 0
})
