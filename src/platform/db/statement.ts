/**
 * Typed SQL without a query builder. Each statement is declared once, beside the routes that use it, with the TypeBox schemas of
 * its arguments and its row. `src/platform/db/statement.test.ts` compares every declaration with the database.
 */
import { type Static, type TObject, type TProperties, Type } from '@sinclair/typebox'
import { countUse, type Pool, type Sql } from './client.ts'
import { readQuery } from './files.ts'

/** Anything that runs statements: a pool, a transaction, which has savepoints, or a reader on a replica. */
export type Reader = Pick<Sql, 'unsafe'> & { savepoint?: Savepoint }
type Savepoint = (run: (connection: Pick<Sql, 'unsafe'>) => Promise<Row[]>) => Promise<Row[]>
type Row = Record<string, unknown> & { [STALE_KEYS]?: string | null }

/** A declared statement. `one` throws unless there is exactly one row, `maybe` allows none, `many` any number. */
export type Statement<A extends TProperties, R extends TProperties> = {
  name: string
  text: string
  args: TObject<A>
  row: TObject<R>
  one: (sql: Reader, args: Static<TObject<A>>) => Promise<Static<TObject<R>>>
  maybe: (sql: Reader, args: Static<TObject<A>>) => Promise<Static<TObject<R>> | null>
  many: (sql: Reader, args: Static<TObject<A>>) => Promise<Static<TObject<R>>[]>
}

/** The column that every routine() adds to its row. */
export const STALE_KEYS = 'stale_keys'

/** The hooks that the composition root adds to every statement. */
export type StatementHooks = {
  /** Runs a statement, including its wait for a connection. */
  around: <T>(name: string, run: () => Promise<T>) => Promise<T>
  /** Called with the cache keys that a routine made stale, separated by spaces. */
  onStaleKeys: (keys: string) => void
}
let hooks: StatementHooks = { around: (_name, run) => run(), onStaleKeys: () => {} }

/** Sets the hooks of all statements of this process. */
export function hookStatements(given: StatementHooks): void {
  hooks = given
}

/** Every statement declared so far, for the contract test. */
export const declaredStatements: Statement<TProperties, TProperties>[] = []

/**
 * Declares a stored function of `db/functions`. The call names its arguments, so that their order cannot drift. The last column
 * holds the cache keys that the function made stale (note_changes). It is read after the function, in the same transaction and
 * round trip.
 */
export function routine<A extends TProperties, R extends TProperties>(name: string, args: A, row: R): Statement<A, R> {
  const call = Object.keys(args).map((key, index) => `${key} => $${index + 1}`)
  const text = `select *, current_setting('stallwright.stale_keys', true) as ${STALE_KEYS} from ${name}(${call.join(', ')})`
  return declare(name, text, args, row)
}

/** Declares the read statement in `db/queries/<name>.sql`. `$1`… are the arguments in the order of their declaration. */
export function query<A extends TProperties, R extends TProperties>(name: string, args: A, row: R): Statement<A, R> {
  return declare(name, readQuery(name), args, row)
}

function declare<A extends TProperties, R extends TProperties>(name: string, text: string, args: A, row: R): Statement<A, R> {
  const keys = Object.keys(args)
  const many = async (sql: Reader, values: Static<TObject<A>>) => {
    const list = keys.map((key) => (values as Record<string, unknown>)[key] ?? null)
    const run = () => ask(sql, text, list as never[])
    const rows = await hooks.around(name, () => countUse(sql as Partial<Pool>, run))
    for (const row of rows) {
      if (row[STALE_KEYS]) hooks.onStaleKeys(row[STALE_KEYS])
      delete row[STALE_KEYS]
    }
    return rows as unknown as Static<TObject<R>>[]
  }
  const maybe = async (sql: Reader, values: Static<TObject<A>>): Promise<Static<TObject<R>> | null> => {
    const rows = await many(sql, values)
    if (rows.length > 1) throw new Error(`${name} returned ${rows.length} rows where at most one was expected`)
    return rows[0] ?? null
  }
  const one = async (sql: Reader, values: Static<TObject<A>>) => {
    const row = await maybe(sql, values)
    if (row === null) throw new Error(`${name} returned no row`)
    return row
  }
  const statement: Statement<A, R> = { name, text, args: Type.Object(args), row: Type.Object(row), one, maybe, many }
  declaredStatements.push(statement as unknown as Statement<TProperties, TProperties>)
  return statement
}

/** The most tries of a statement, if each time a deploy has just outdated it. */
const TRIES = 3

/**
 * Maps a text that a deploy outdated to the text that replaces it: the same text with a comment. PgBouncer identifies a prepared
 * statement by its text. It would keep running the old one under any name that the driver gives it.
 */
const renewed = new Map<string, string>()

/**
 * Sends a statement, prepared on each connection. After a deploy that gives a function another result column, PostgreSQL refuses
 * the earlier prepared statement, once on each connection. The refused statement has done nothing, and is sent again; in a
 * transaction, from a savepoint. The driver retries too, but not in a transaction and not while it prepares, and it hides why a
 * retry failed.
 */
async function ask(sql: Reader, text: string, values: never[], tries = TRIES): Promise<Row[]> {
  const current = renewed.get(text) ?? text
  const send = async (connection: Pick<Sql, 'unsafe'>) => [
    ...(await connection.unsafe<Row[]>(current, values, { prepare: true })),
  ]
  try {
    return await (sql.savepoint ? sql.savepoint(send) : send(sql))
  } catch (error) {
    if (tries === 1 || !isOutdated(error)) throw error
    // The first of many callers that meet the same deploy renews the text for all.
    if ((renewed.get(text) ?? text) === current) renewed.set(text, `${text}\n-- ${crypto.randomUUID()}`)
    return ask(sql, text, values, tries - 1)
  }
}

/**
 * Whether PostgreSQL refused a prepared statement as outdated. The name of its routine shows that, because the error codes also
 * have other meanings.
 */
function isOutdated(error: unknown): boolean {
  return ['RevalidateCachedQuery', 'FetchPreparedStatement'].includes((error as { routine?: string }).routine ?? '')
}
