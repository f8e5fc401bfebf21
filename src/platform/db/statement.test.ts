import { afterAll, beforeAll, describe, expect, test } from 'bun:test'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { KindGuard, type TSchema } from '@sinclair/typebox'
import { Glob } from 'bun'
import { openTestDatabase, type TestDatabase } from '../../../test/support/database.ts'
import { projectRoot } from '../project.ts'
import { declaredStatements, STALE_KEYS } from './statement.ts'

/** Compares every declared statement with the database: the types that PostgreSQL takes and returns must match the schemas. */

/** Programs that run when they are imported. They cannot declare a statement that this test checks. */
const PROGRAMS = /^src\/(main\.ts|commands\/)|\/run\w*\.ts$|^loadtest\/(\w+\.ts|lib\/)/
const DECLARES = /\b(?:query|routine)\(\s*'([\w/]+)'/g

type SourceFile = { name: string; declared: string[] }

function readSources(): SourceFile[] {
  const names = [...new Glob('{apps,bench,loadtest,src,test}/**/*.ts').scanSync(projectRoot)]
    .sort()
    .filter((name) => !name.endsWith('.test.ts'))
  return names.map((name) => {
    const text = readFileSync(join(projectRoot, name), 'utf8')
    return { name, declared: [...text.matchAll(DECLARES)].map((match) => match[1] as string) }
  })
}

const sources = readSources().filter(({ declared }) => declared.length > 0)
for (const { name } of sources) if (!PROGRAMS.test(name)) await import(join(projectRoot, name))
/** Without the statements that other test files declare for themselves. */
const names = new Set(sources.flatMap(({ declared }) => declared))
const statements = declaredStatements.filter(({ name }) => names.has(name))

/** PostgreSQL's types by the kinds of src/platform/db/types.ts. */
const KIND_OF_TYPE: Record<number, string> = {
  16: 'boolean',
  17: 'bytea',
  2950: 'uuid',
  20: 'integer',
  21: 'integer',
  23: 'integer',
  25: 'text',
  114: 'json',
  701: 'float',
  1082: 'date',
  1184: 'timestamptz',
  1700: 'numeric',
  2278: 'void',
  3802: 'jsonb',
  1005: 'integer[]',
  1007: 'integer[]',
  1016: 'integer[]',
  1009: 'text[]',
}

const kindOfType = (oid: number) => KIND_OF_TYPE[oid] ?? `type ${oid}, which src/platform/db/types.ts has no kind for`

function kindOfSchema(schema: TSchema): string {
  if (typeof schema.pg === 'string') return schema.pg
  if (KindGuard.IsUnion(schema)) {
    const kinds = schema.anyOf.filter((member) => !KindGuard.IsNull(member)).map(kindOfSchema)
    return new Set(kinds).size === 1 ? (kinds[0] as string) : kinds.join(' or ')
  }
  if (KindGuard.IsInteger(schema)) return 'integer'
  if (KindGuard.IsNumber(schema)) return 'float'
  if (KindGuard.IsBoolean(schema)) return 'boolean'
  if (KindGuard.IsString(schema) || KindGuard.IsLiteral(schema)) return 'text'
  if (KindGuard.IsDate(schema)) return 'timestamptz'
  if (KindGuard.IsUint8Array(schema)) return 'bytea'
  if (KindGuard.IsArray(schema)) return `${kindOfSchema(schema.items)}[]`
  return `a schema without a kind: ${JSON.stringify(schema)}`
}

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
})
afterAll(() => db.close())

describe('takes and returns its declared types:', () => {
  test.each(statements.map((statement) => [statement.name, statement] as const))('%s', async (_name, { text, args, row }) => {
    const unset = Object.keys(args.properties).map(() => null)
    const described = await db.sql.unsafe(text, unset as never[], { prepare: true }).describe()
    const declaredArguments = Object.entries(args.properties).map(([name, schema]) => `${name} ${kindOfSchema(schema)}`)
    const takenArguments = Object.keys(args.properties).map(
      (name, index) => `${name} ${kindOfType(described.types[index] as number)}`,
    )
    expect(takenArguments).toEqual(declaredArguments)
    expect(described.types).toHaveLength(unset.length)
    const declaredColumns = Object.entries(row.properties).map(([name, schema]) => `${name} ${kindOfSchema(schema)}`)
    const answered = described.columns.filter(({ name }) => name !== STALE_KEYS)
    expect(answered.map(({ name, type }) => `${name} ${kindOfType(type)}`)).toEqual(declaredColumns)
  })
})

test('every file of db/queries is declared, and once', () => {
  const files = [...new Glob('**/*.sql').scanSync(join(projectRoot, 'db', 'queries'))]
    .map((name) => name.replace(/\.sql$/, ''))
    .sort()
  const declared = sources
    .flatMap((source) => source.declared)
    .filter((name) => name.includes('/'))
    .sort()
  expect(declared).toEqual(files)
})

test('no function is declared twice, and every declaration was checked', () => {
  const declared = sources
    .filter(({ name }) => !PROGRAMS.test(name))
    .flatMap((source) => source.declared)
    .sort()
  expect(declared).toEqual([...new Set(declared)])
  expect(statements.map(({ name }) => name).sort()).toEqual(declared)
})

test('every prepared statement names all its arguments', () => {
  for (const { name, text, args } of statements) {
    const used = new Set([...text.matchAll(/\$(\d+)/g)].map((match) => Number(match[1])))
    expect([name, Math.max(0, ...used)]).toEqual([name, Object.keys(args.properties).length])
  }
})
