/** db/schema.sql: the tables as they stand after all migrations, for whoever reads them or compares theirs with `diff`. */
const HEADER = `-- Everything that db/migrations make: tables with their comments, constraints, indexes and triggers, as pg_dump of PostgreSQL 15
-- writes them. The functions of db/functions, pg-boss's schema and the partitions of months (create_partition) are not in it.
-- Written by UPDATE_DOCS=1 bun run test src/commands/check/schema_file.test.ts. A database is made by "bun run migrate", not by this file.
`

/** What pg_dump is asked for: without the partitions of months, which depend on the day. */
export const DUMP_OPTIONS = ['--schema-only', '--no-owner', '--no-privileges', '--exclude-table=*_2[0-9][0-9][0-9][0-9][0-9]']

/** The line above each object of a dump. */
const OBJECT = /^--\n-- Name: .*; Type: .*; Schema: .*; Owner: .*\n--\n/m

/** A dump of a database with nothing in it but what the migrations make, without what differs from machine to machine (versions, a random token). */
export function renderSchemaFile(dump: string): string {
  const [preamble = '', ...texts] = dump.split(OBJECT)
  const settings = preamble.split('\n').filter((line) => /^(SET|SELECT) /.test(line))
  // The last object is followed by the end of the dump.
  const statements = texts.map((text) => text.replace(/\n--\n-- PostgreSQL database dump complete[\s\S]*$/, '').trim())
  return `${HEADER}\n${settings.join('\n')}\n\n${joinStatements(statements)}\n`
}

/** A comment stands right below what it is on. */
function joinStatements(statements: string[]): string {
  return statements.reduce((file, one) => `${file}${one.startsWith('COMMENT ON ') ? '\n' : '\n\n'}${one}`).trim()
}
