import { afterAll, beforeAll, expect, test } from 'bun:test'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { Glob } from 'bun'
import { openEmbedded } from '../../src/deploy/embedded.ts'
import { projectRoot } from '../../src/platform/project.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeProduct, makeSale } from '../support/factory.ts'
import { requires } from '../support/requirements.ts'
import { blocksOf, follow } from '../support/runbook.ts'

const runbook = readFileSync(join(projectRoot, 'docs', 'RUNBOOK.md'), 'utf8')
const blocks = [...runbook.matchAll(/^```sql\n([\s\S]*?)^```$/gm)].map(([, sql]) => sql as string)

let db: TestDatabase
beforeAll(async () => {
  db = await openTestDatabase()
  await makeSale(db.sql)
  await makeProduct(db.sql, { title: 'Teapot' })
})
afterAll(() => db.close())

test('docs/RUNBOOK.md names every file of db/ops, and no other', () => {
  const named = new Set([...runbook.matchAll(/\b(\w+\.sql)\b/g)].map(([, name]) => name as string))
  // These files are in db/access and in db.
  for (const name of ['roles.sql', 'before_deploy.sql']) named.delete(name)
  const files = [...new Glob('db/ops/*.sql').scanSync(projectRoot)].map((file) => basename(file))
  expect([...named].sort()).toEqual(files.sort())
})

/** Runs each statement after the ones before it, and rolls them all back. Returns the rows of each. */
async function answersOf(block: string): Promise<unknown[][]> {
  const answers: unknown[][] = []
  const undo = new Error('undo')
  const statements = block.split(/;\n/).filter((statement) => statement.trim())
  await db.sql
    .begin(async (tx) => {
      for (const statement of statements) answers.push([...(await tx.unsafe(statement))])
      throw undo
    })
    .catch((error) => {
      if (error !== undo) throw error
    })
  return answers
}

test('its SQL runs', async () => {
  expect(blocks.length).toBe(3)
  for (const block of blocks) await answersOf(block)
})

test('its checks return no row, and find an order that was changed by hand', async () => {
  const checks = blocks.find((block) => block.includes('replay_order')) ?? ''
  expect(await answersOf(checks)).toEqual([[], [], [], [], [], []])
  const touched = `alter table orders disable trigger user;
update orders set ship_by = '2020-01-01';
`
  expect((await answersOf(touched + checks))[2]).toHaveLength(1)
})

test('its checks find sums of refunds and units that are wrong', async () => {
  const checks = blocks.find((block) => block.includes('replay_order')) ?? ''
  // All of this is rolled back before the deferred triggers refuse it.
  const touched = `update orders set refunded = 1;
update payments set refunded = 1;
insert into shipments (order_id, carrier, tracking_number) select id, 'x', '1' from orders;
insert into shipment_items (shipment_id, order_id, line_id, quantity)
select s.id, s.order_id, oi.id, oi.quantity + 1 from shipments s join order_items oi on oi.order_id = s.order_id;
`
  expect((await answersOf(touched + checks)).slice(-3)).toEqual(Array(3).fill([{ id: expect.anything() }]))
})

if (requires('postgresql-15')) {
  test('its URL of the embedded server works, and an older pg_dump fails as it describes', async () => {
    const server = await openEmbedded()
    const folder = mkdtempSync(join(tmpdir(), 'stallwright-embedded-'))
    mkdirSync(join(folder, '.data'))
    symlinkSync(server.dataDirectory, join(folder, '.data', 'postgres'))
    const embedded_url = blocksOf('Back up', 'sh').find((block) => block.includes('EMBEDDED_URL'))
    try {
      expect(await follow(`${embedded_url}\npsql "$EMBEDDED_URL" -Atc 'show server_version_num'`, { folder })).toStartWith('18')
      await expect(follow(`${embedded_url}\npg_dump "$EMBEDDED_URL"`, { folder })).rejects.toThrow('server version mismatch')
    } finally {
      rmSync(folder, { recursive: true })
      await server.release()
    }
  })
}
