/**
 * The files of `db/` that the running service reads. The build for the edge, which has no files, inlines this module
 * (apps/edge/build.ts).
 */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../project.ts'

/** The text of `db/queries/<name>.sql`. */
export function readQuery(name: string): string {
  return readFileSync(join(projectRoot, 'db', 'queries', `${name}.sql`), 'utf8')
}

/** The versions of the migrations in `db/migrations`. */
export function listMigrations(): string[] {
  const files = readdirSync(join(projectRoot, 'db', 'migrations'))
  return files.flatMap((name) => /^(\d+)_.*\.sql$/.exec(name)?.[1] ?? [])
}
