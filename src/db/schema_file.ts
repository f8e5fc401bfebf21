/** db/schema.sql: the tables as they stand after all migrations, for whoever reads them or compares theirs with `diff`. */
import { basename } from 'node:path'
import { Glob } from 'bun'
import { projectRoot } from '../project.ts'

const HEADER = `-- Everything that db/migrations make: tables with their comments, constraints, indexes and triggers, as pg_dump of PostgreSQL 15
-- writes them. Functions with a file of their own in db/functions, and pg-boss's schema, are left out.
-- Written by UPDATE_DOCS=1 bun run test src/db/schema_file.test.ts. A database is made by "bun run migrate", not by this file.
`

/** What pg_dump is asked for. */
export const DUMP_OPTIONS = ['--schema-only', '--no-owner', '--no-privileges', '--exclude-schema=pgboss']

/** The line above each object of a dump. */
const OBJECT = /^--\n-- Name: (.*); Type: (.*); Schema: .*; Owner: .*\n--\n/m

/** A dump without what differs from machine to machine (versions, a random token), and without the functions of db/functions. */
export function renderSchemaFile(dump: string): string {
  const [preamble = '', ...parts] = dump.split(OBJECT)
  const functions = new Set([...new Glob('db/functions/*/*.sql').scanSync(projectRoot)].map((file) => basename(file, '.sql')))
  const objects = Array.from({ length: parts.length / 3 }, (_, n) => parts.slice(3 * n, 3 * n + 3) as [string, string, string])
  const kept = objects.filter(([name, type]) => {
    const [, routine] = /^(?:FUNCTION )?(\w+)\(/.exec(name) ?? []
    return !((type === 'FUNCTION' || type === 'COMMENT') && routine && functions.has(routine))
  })
  const settings = preamble.split('\n').filter((line) => /^(SET|SELECT) /.test(line))
  // The last object is followed by the end of the dump.
  const statements = kept.map(([, , text]) => text.replace(/\n--\n-- PostgreSQL database dump complete[\s\S]*$/, '').trim())
  return `${HEADER}\n${settings.join('\n')}\n\n${joinStatements(statements)}\n`
}

/** A comment stands right below what it is on. */
function joinStatements(statements: string[]): string {
  return statements.reduce((file, one) => `${file}${one.startsWith('COMMENT ON ') ? '\n' : '\n\n'}${one}`).trim()
}
