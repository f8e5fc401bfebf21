/** Builds the API into one file that needs no file system: `dist/edge.js`, an `export default { fetch }`. */
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import type { BunPlugin } from 'bun'
import { listMigrations, readQuery } from '../../src/platform/db/files.ts'
import { projectRoot } from '../../src/platform/project.ts'

const QUERIES = join(projectRoot, 'db', 'queries')

/** Builds `dist/edge.js` in `folder`, which it creates if missing. Returns the size of the file in bytes. */
export async function buildEdge(folder: string): Promise<number> {
  const built = await Bun.build({
    entrypoints: [join(import.meta.dirname, 'edge.ts')],
    outdir: folder,
    target: 'node',
    minify: true,
    // Dynamic imports go into the same file too.
    splitting: false,
    plugins: [withoutFiles],
  })
  const [output] = built.outputs
  if (!output) throw new Error('The build wrote nothing.')
  return output.size
}

/** Replaces the modules that read files or need native code. */
const withoutFiles: BunPlugin = {
  name: 'without files',
  setup: (build) => {
    build.onLoad({ filter: /\/src\/platform\/db\/files\.ts$/ }, () => ({ contents: inlineFiles(), loader: 'js' }))
    build.onLoad({ filter: /\/src\/platform\/runtime\/runtime\.ts$/ }, () => ({
      contents: `export { edge as runtime } from './edge.ts'`,
      loader: 'js',
    }))
    // This build of pino writes to the console instead of to a file descriptor.
    build.onResolve({ filter: /^pino$/ }, () => ({ path: join(projectRoot, 'node_modules', 'pino', 'browser.js') }))
  },
}

function inlineFiles(): string {
  const names = readdirSync(QUERIES, { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.sql'))
  const queries = Object.fromEntries(names.map((name) => [name.slice(0, -4), readQuery(name.slice(0, -4))]))
  return `const queries = ${JSON.stringify(queries)}
export const readQuery = (name) => queries[name]
export const listMigrations = () => ${JSON.stringify(listMigrations())}`
}
