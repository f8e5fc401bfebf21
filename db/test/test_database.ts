/** The database of one test file, with the factory and short reads. It closes after the last test of the file. */
import { afterAll } from 'bun:test'
import type { Row } from 'postgres'
import type { Pool, Sql } from '../../src/platform/db/client.ts'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import * as factory from '../../test/support/factory.ts'
import { openRivals, type Rival, race, untilBlocked } from '../../test/support/races.ts'
import { snapshot } from '../../test/support/snapshot.ts'

/** Opens the database of a test file. Call it at the top of the file. */
export async function testDatabase() {
  const opening = openTestDatabase()
  afterAll(async () => (await opening).close())
  return withFactory(await opening)
}

/** Adds the factory and short reads to an open database. */
export function withFactory({ url, sql }: TestDatabase) {
  const bind = <Values extends unknown[], Made>(make: (sql: Pool, ...values: Values) => Made) => {
    return (...values: Values) => make(sql, ...values)
  }
  const rows = async <T = Row>(text: TemplateStringsArray, ...values: unknown[]): Promise<T[]> =>
    [...(await sql<Row[]>(text, ...(values as never[])))] as T[]
  /** Returns the first column of the first row, or null without a row. */
  const value = async <T>(text: TemplateStringsArray, ...values: unknown[]): Promise<T> => {
    const [row = {}] = await rows<Row>(text, ...values)
    return (Object.values(row)[0] ?? null) as T
  }
  return {
    url,
    sql,
    rows,
    value,
    /** Returns the parsed JSON of a value. */
    json: async (text: TemplateStringsArray, ...values: unknown[]) => JSON.parse(await value<string>(text, ...values)),
    /** Does the same at once on new connections. Returns the results in their order. */
    race: <T>(connections: number, part: (rival: Rival, index: number) => Promise<T>) => raceOn(url, connections, part),
    /** Runs `leading` in an open transaction, and `following` until it waits for a lock. Then ends the transaction. */
    interleave: <T>(leading: Part<unknown>, following: Part<T>, end?: 'commit' | 'rollback') =>
      interleave({ url, sql }, leading, following, end),
    snapshot: () => snapshot(sql),
    makeUser: bind(factory.makeUser),
    makeUsers: bind(factory.makeUsers),
    makeShop: bind(factory.makeShop),
    makeProduct: bind(factory.makeProduct),
    makeProducts: bind(factory.makeProducts),
    makeVariants: bind(factory.makeVariants),
    makeBuyer: bind(factory.makeBuyer),
    makeSale: bind(factory.makeSale),
    putLine: bind(factory.putLine),
    reserve: bind(factory.reserve),
    lapseHolds: bind(factory.lapseHolds),
    splitOrders: bind(factory.splitOrders),
    placeCheckout: bind(factory.placeCheckout),
    settleCheckout: bind(factory.settleCheckout),
    waitingJobs: bind(factory.waitingJobs),
    mailsAbout: bind(factory.mailsAbout),
  }
}

/** Runs a statement and returns the number of pages that it touched. */
export async function countPages(sql: Sql, text: string): Promise<number> {
  const [plan] = await sql.unsafe(`explain (analyze, buffers, format json) ${text}`)
  const [{ Plan: root }] = JSON.parse(plan?.['QUERY PLAN'])
  return root['Shared Hit Blocks'] + root['Shared Read Blocks']
}

type Part<T> = (sql: Pool) => PromiseLike<T>

/** Returns the result of `following`. */
async function interleave<T>(db: Pick<TestDatabase, 'url' | 'sql'>, leading: Part<unknown>, following: Part<T>, end = 'commit') {
  const rivals = await openRivals(db.url, 2)
  const [first, second] = rivals.all as [Rival, Rival]
  try {
    await first.sql`begin`
    await leading(first.sql)
    const result = Promise.resolve(following(second.sql))
    // It can fail before the response to the end of `leading` arrives.
    result.catch(() => {})
    await untilBlocked(db.sql, second)
    await first.sql.unsafe(end)
    return await result
  } finally {
    await rivals.close()
  }
}

async function raceOn<T>(url: string, connections: number, part: (rival: Rival, index: number) => Promise<T>): Promise<T[]> {
  const rivals = await openRivals(url, connections)
  try {
    return await race(rivals, part)
  } finally {
    await rivals.close()
  }
}
