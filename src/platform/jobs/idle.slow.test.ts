import { expect, test } from 'bun:test'
import { openTestDatabase } from '../../../test/support/database.ts'
import { spawnApi } from '../../../test/support/server.ts'

/** A connection reports its transactions up to 10 s late, so a start counts until then. */
const STARTED_AFTER_S = 12
/** Covers the jobs that start every minute. */
const COUNTED_S = 60
const MAX_STATEMENTS_PER_S = 3

/**
 * An idle process runs each statement in a transaction of its own, so PostgreSQL's count of transactions is that of statements.
 */
async function countPerSecond(role: 'api' | 'worker'): Promise<number> {
  const database = await openTestDatabase()
  const count = async () =>
    Number(
      (
        await database.sql`
          select xact_commit + xact_rollback as n from pg_stat_database where datname = current_database()`
      )[0]?.n,
    )
  const server = await spawnApi({ DATABASE_URL: database.url, REDIS_URL: '', ELASTICSEARCH_URL: '' }, role)
  try {
    await Bun.sleep(STARTED_AFTER_S * 1000)
    const before = await count()
    await Bun.sleep(COUNTED_S * 1000)
    return ((await count()) - before) / COUNTED_S
  } finally {
    await server.stop()
    await database.close()
  }
}

test('an idle process runs at most 3 statements a second', async () => {
  const [api, worker] = await Promise.all([countPerSecond('api'), countPerSecond('worker')])
  expect({ api: api <= MAX_STATEMENTS_PER_S, worker: worker <= MAX_STATEMENTS_PER_S, counted: { api, worker } }).toMatchObject({
    api: true,
    worker: true,
  })
}, 180_000)
