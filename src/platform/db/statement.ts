/**
 * Typed SQL without a query builder. Each statement is declared once, beside the routes that use it, with the
 * TypeBox schemas of its arguments and its row; `src/platform/db/statement.test.ts` holds every declaration against the database.
 */
import { type Static, type TObject, type TProperties, Type } from '@sinclair/typebox'
import { noteStale } from '../changes/stale_keys.ts'
import { inClientSpan } from '../tracing/trace.ts'
import { countUse, type Pool, type Sql } from './client.ts'
import { readQuery } from './files.ts'

/** Whatever a statement can be asked of. `ahead`: who may know of a row that this one has not heard of yet. A transaction has savepoints. */
export type Reader = Pick<Sql, 'unsafe'> & { ahead?: Reader; savepoint?: Savepoint }
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

/** The column of every routine() that is no part of its row. */
export const STALE_KEYS = 'stale_keys'

/** Every statement declared so far, for the contract test. */
export const declaredStatements: Statement<TProperties, TProperties>[] = []

/**
 * A stored function of `db/functions`, called by named arguments: their order cannot drift. The last column is what it made
 * stale (note_changes), read when the function is through, in the same transaction and without another round trip.
 */
export function routine<A extends TProperties, R extends TProperties>(name: string, args: A, row: R): Statement<A, R> {
  const call = Object.keys(args).map((key, index) => `${key} => $${index + 1}`)
  const text = `select *, current_setting('stallwright.stale_keys', true) as ${STALE_KEYS} from ${name}(${call.join(', ')})`
  return declare(name, text, args, row)
}

/** The read statement in `db/queries/<name>.sql`; `$1`… are the arguments in the order of their declaration. */
export function query<A extends TProperties, R extends TProperties>(name: string, args: A, row: R): Statement<A, R> {
  return declare(name, readQuery(name), args, row)
}

function declare<A extends TProperties, R extends TProperties>(name: string, text: string, args: A, row: R): Statement<A, R> {
  const keys = Object.keys(args)
  const about = { 'db.system.name': 'postgresql', 'db.query.summary': name }
  const many = async (sql: Reader, values: Static<TObject<A>>) => {
    const list = keys.map((key) => (values as Record<string, unknown>)[key] ?? null)
    const run = () => ask(sql, text, list as never[])
    // The span holds the wait for a connection too: that is what a caller waits for.
    const rows = await inClientSpan(name, about, () => countUse(sql as Partial<Pool>, run))
    for (const row of rows) {
      if (row[STALE_KEYS]) noteStale(row[STALE_KEYS])
      delete row[STALE_KEYS]
    }
    return rows as unknown as Static<TObject<R>>[]
  }
  const maybe = async (sql: Reader, values: Static<TObject<A>>): Promise<Static<TObject<R>> | null> => {
    const rows = await many(sql, values)
    if (rows.length > 1) throw new Error(`${name} answered ${rows.length} rows where at most one was expected`)
    if (rows.length === 0 && sql.ahead) return maybe(sql.ahead, values)
    return rows[0] ?? null
  }
  const one = async (sql: Reader, values: Static<TObject<A>>) => {
    const row = await maybe(sql, values)
    if (row === null) throw new Error(`${name} answered no row`)
    return row
  }
  const statement: Statement<A, R> = { name, text, args: Type.Object(args), row: Type.Object(row), one, maybe, many }
  declaredStatements.push(statement as unknown as Statement<TProperties, TProperties>)
  return statement
}

/** How many times a statement is sent while each time a deploy has outdated it. */
const TRIES = 3

/**
 * What is sent instead of a text that a deploy outdated: the same with a comment. PgBouncer knows a prepared statement by its text and
 * would go on running what it has prepared, whatever the driver calls it.
 */
const renewed = new Map<string, string>()

/**
 * Sends a statement, prepared on each connection. A deploy that gives a function another result column makes PostgreSQL refuse what was
 * prepared before it, once on each connection: such a statement has done nothing, and is sent again, in a transaction from a savepoint.
 * The driver tries again, too, but in no transaction and not what it is just preparing, and it hides why its second try failed.
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
    // Of many that meet the same deploy the first renews it for all.
    if ((renewed.get(text) ?? text) === current) renewed.set(text, `${text}\n-- ${crypto.randomUUID()}`)
    return ask(sql, text, values, tries - 1)
  }
}

/** Whether PostgreSQL refused a statement as it was prepared, by the name of its own routine: the codes mean other things, too. */
function isOutdated(error: unknown): boolean {
  return ['RevalidateCachedQuery', 'FetchPreparedStatement'].includes((error as { routine?: string }).routine ?? '')
}
