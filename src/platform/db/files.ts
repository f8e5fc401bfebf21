/** What of `db/` the service reads while it runs. A build for the edge, where there are no files, has this inlined (apps/edge/build.ts). */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../project.ts'

/** The text of `db/queries/<name>.sql`. */
export function readQuery(name: string): string {
  return readFileSync(join(projectRoot, 'db', 'queries', `${name}.sql`), 'utf8')
}

/** The versions of this checkout's migrations. */
export function listMigrations(): string[] {
  const files = readdirSync(join(projectRoot, 'db', 'migrations'))
  return files.flatMap((name) => /^(\d+)_.*\.sql$/.exec(name)?.[1] ?? [])
}
