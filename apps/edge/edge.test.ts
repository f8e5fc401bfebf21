/** Deno runs the build for the edge, with access only to the network and the environment. */
import { afterAll, beforeAll, expect, test } from 'bun:test'
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { deployFunctions } from '../../src/deploy/deploy_functions.ts'
import { expectProblem, expectStatus } from '../../test/support/api.ts'
import { type Api, openApi } from '../../test/support/client.ts'
import { openTestDatabase, type TestDatabase } from '../../test/support/database.ts'
import { makeProduct } from '../../test/support/factory.ts'
import { makePeople } from '../../test/support/people.ts'
import { drawPng } from '../../test/support/pictures.ts'
import { ADDRESS } from '../../test/support/purchase.ts'
import { requires } from '../../test/support/requirements.ts'
import { writeReshaped } from '../../test/support/reshaped_functions.ts'
import type { Checkout, Page, Product, Session } from '../../test/support/responses.ts'
import { pathOf } from '../../test/support/runtimes.ts'
import { buildEdge } from './build.ts'

/** Edge platforms accept at least 1 MB compressed. This limit fails a build that has doubled. */
const MAX_BYTES = 2_000_000

const has_deno = requires('deno')
const folder = mkdtempSync(join(tmpdir(), 'stallwright-edge-'))
let database: TestDatabase
let bytes: number
let edge: { api: Api; end: () => Promise<void>; said: () => string }
beforeAll(async () => {
  database = await openTestDatabase()
  bytes = await buildEdge(folder)
  if (has_deno) edge = await startEdge({ DATABASE_URL: database.url, RATE_LIMIT_SCALE: '1000', CHECK_ANSWERS: 'true' })
})
afterAll(async () => {
  await edge?.end()
  await database.close()
  rmSync(folder, { recursive: true })
})

/** Starts Deno and waits until it listens. It has no connections then. */
async function startEdge(variables: Record<string, string>): Promise<typeof edge> {
  const permissions = ['--allow-net', '--allow-env', '--no-prompt']
  const child = Bun.spawn(
    [pathOf('deno'), 'serve', '--port', '0', '--host', '127.0.0.1', ...permissions, join(folder, 'edge.js')],
    {
      env: { PATH: process.env.PATH ?? '', HOME: folder, NO_COLOR: '1', ...variables },
      stdin: 'ignore',
      stdout: 'ignore',
      stderr: 'pipe',
    },
  )
  let said = ''
  const listening = Promise.withResolvers<string>()
  void (async () => {
    const decoder = new TextDecoder()
    for await (const chunk of child.stderr) {
      said += decoder.decode(chunk, { stream: true })
      const address = /Listening on (http:\/\/[^\s/]+)/.exec(said)?.[1]
      if (address) listening.resolve(address)
    }
    listening.reject(new Error(`Deno ended: ${said}`))
  })()
  const end = async () => {
    child.kill('SIGKILL')
    await child.exited
  }
  return { api: openApi(await listening.promise), end, said: () => said }
}

test('one file of bounded size', () => {
  expect(existsSync(join(folder, 'edge.js'))).toBe(true)
  expect(bytes).toBeLessThan(MAX_BYTES)
})

test.if(has_deno)('connects at the first request', async () => {
  const count = async () => {
    const [row] = await database.sql`
      select count(*)::integer as open from pg_stat_activity
      where application_name = 'stallwright edge' and datname = current_database()`
    return row?.open
  }
  expect(await count()).toBe(0)
  expectStatus(await edge.api('GET', '/v1/categories'), 200)
  expect(await count()).toBeGreaterThan(0)
})

test.if(has_deno)('a buyer registers, finds an item, and pays for it', async () => {
  const product_id = await makeProduct(database.sql, { title: 'Zebrano spoon', quantity: 3 })
  const who = { email: 'edge@example.com', password: 'correct horse battery' }
  expectStatus(await edge.api('POST', '/v1/users', { body: { ...who, display_name: 'Ann' } }), 201)
  const { token } = expectStatus(await edge.api<Session>('POST', '/v1/sessions', { body: who }), 201)
  const found = expectStatus(await edge.api<Page<Product>>('GET', '/v1/search?q=zebrano'), 200)
  expect(found.items.map(({ id }) => id)).toEqual([product_id])
  expectStatus(await edge.api('POST', '/v1/cart/items', { token, body: { product_id, quantity: 1 } }), 201)
  const paying = {
    token,
    headers: { 'Idempotency-Key': 'edge-1' },
    body: { shipping_address: ADDRESS, payment_method: 'pm_card_visa' },
  }
  const paid = expectStatus(await edge.api<Checkout>('POST', '/v1/checkout', paying), 201)
  expect(paid.orders).toHaveLength(1)
  expect(expectStatus(await edge.api<Checkout>('POST', '/v1/checkout', paying), 201)).toEqual(paid)
  const { quantity } = expectStatus(await edge.api<Product>('GET', `/v1/products/${product_id}`), 200)
  expect(quantity).toBe(2)
})

test.if(has_deno)('responses stay correct while a deploy adds a result column to functions', async () => {
  const folder_of_functions = join(folder, 'functions')
  const old = await makeProduct(database.sql, { title: 'Old zebrano box' })
  await database.sql`update products set is_vintage = true where id = ${old}`
  await writeReshaped(database.sql, ['search_products', 'start_session'], folder_of_functions)
  const credentials = { email: 'edge@example.com', password: 'correct horse battery' }
  const visit = async () => {
    const { token } = expectStatus(await edge.api<Session>('POST', '/v1/sessions', { body: credentials }), 201)
    expectStatus(await edge.api('GET', '/v1/me', { token }), 200)
    const found = expectStatus(await edge.api<Page<Product>>('GET', '/v1/search?is_vintage=true'), 200)
    expect(found.items.map(({ is_vintage }) => is_vintage)).toEqual([true])
  }
  await Promise.all([visit(), visit(), visit()])
  await deployFunctions(database.sql, folder_of_functions)
  await Promise.all([visit(), visit(), visit()])
  await deployFunctions(database.sql)
  await Promise.all([visit(), visit(), visit()])
})

test.if(has_deno)('returns the same errors as a server, and refuses pictures', async () => {
  expectProblem(await edge.api('POST', '/v1/sessions', { body: { email: 'edge@example.com', password: 'wrong' } }), 401)
  expectProblem(await edge.api('GET', '/v1/nothing'), 404)
  const [seller] = await makePeople(database.sql, 1)
  const picture = { token: seller?.token, raw: new Uint8Array(drawPng()), headers: { 'Content-Type': 'image/png' } }
  expectProblem(await edge.api('POST', '/v1/pictures', picture), 503)
  expect(edge.said()).not.toContain('NotCapable')
})

test.if(has_deno)('writes a missing setting to its console and not to the client', async () => {
  const unset = await startEdge({})
  const { status, body } = await unset.api<{ code: string }>('GET', '/v1/categories')
  await unset.end()
  expect({ status, code: body.code }).toEqual({ status: 500, code: 'internal_error' })
  expect(unset.said()).toContain('Set DATABASE_URL')
})
