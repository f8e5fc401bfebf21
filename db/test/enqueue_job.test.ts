import { beforeEach, expect, test } from 'bun:test'
import { PgBoss } from 'pg-boss'
import { queues } from '../../src/platform/jobs/queues.ts'
import { refusalOf } from '../../test/support/refusals.ts'
import { testDatabase } from './test_database.ts'

const db = await testDatabase()
beforeEach(async () => {
  await db.sql`delete from pgboss.job`
})

const enqueue = (queue: string, data: Record<string, number>, start_after_s = 0) =>
  db.sql`select enqueue_job(${queue}, ${db.sql.json(data)}, ${start_after_s})`

/** The row that pg-boss itself writes for a job, without its id and its times. */
const columnsOf = (data: Record<string, number>) => db.sql`
  select to_jsonb(j) - array['id', 'created_on', 'start_after', 'keep_until'] as job,
    j.keep_until - j.start_after as kept, j.start_after - j.created_on < interval '1 second' as at_once
  from pgboss.job j where j.data = ${db.sql.json(data)}`

async function withBoss<T>(use: (boss: PgBoss) => Promise<T>): Promise<T> {
  const boss = new PgBoss({ connectionString: db.url, max: 2, migrate: false, supervise: false, schedule: false })
  boss.on('error', () => {})
  await boss.start()
  try {
    return await use(boss)
  } finally {
    await boss.stop({ graceful: false, close: true })
  }
}

test.each(Object.keys(queues))('enqueue_job writes the same row into %s as the installed pg-boss', async (queue) => {
  const [ours, theirs] = [{ n: 1 }, { n: 2 }]
  await enqueue(queue, ours)
  await withBoss((boss) => boss.send(queue, theirs))
  const [mine] = await columnsOf(ours)
  const [own] = await columnsOf(theirs)
  expect({ ...mine?.job, data: null }).toEqual({ ...own?.job, data: null })
  expect(mine?.kept).toEqual(own?.kept)
  expect(mine?.at_once).toBe(true)
})

test('a real worker runs the job', async () => {
  await enqueue('send_mails', { order_id: 42 })
  const worked = await withBoss(
    (boss) =>
      new Promise((resolve, reject) => {
        boss.work('send_mails', { pollingIntervalSeconds: 0.5 }, async ([job]) => resolve(job?.data)).catch(reject)
      }),
  )
  expect(worked).toEqual({ order_id: 42 })
})

test('a delayed job starts after the delay', async () => {
  await enqueue('settle_checkout', { checkout_id: 7 }, 60)
  expect(await db.value<boolean>`select start_after - created_on >= interval '59 seconds' from pgboss.job`).toBe(true)
  expect(await withBoss((boss) => boss.fetch('settle_checkout'))).toEqual([])
})

test('a job rolls back with its transaction', async () => {
  await refusalOf(
    db.sql.begin(async (tx) => {
      await tx`select enqueue_job('send_mails', '{"order_id": 1}')`
      throw new Error('changed my mind')
    }),
  )
  expect(await db.sql`select from pgboss.job`).toHaveLength(0)
})

test('enqueue_job refuses an unknown queue', async () => {
  expect(await refusalOf(enqueue('no_such_queue', {}))).toMatchObject({ code: 'SWJOB' })
})
