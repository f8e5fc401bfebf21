/**
 * The costs of a response beside its round trip, in counts that are the same on every machine: a page is the text that PostgreSQL
 * rendered. No code parses it, renders it again or copies it.
 */
import { afterAll, beforeAll, expect, spyOn, test } from 'bun:test'
import type { Hono } from 'hono'
import type { Env } from '../../src/http/env.ts'
import { openTestDatabase, type TestDatabase } from '../support/database.ts'
import { makeProduct } from '../support/factory.ts'
import { openUncachedApp } from '../support/uncached_app.ts'

let database: TestDatabase
let served: { app: Hono<Env>; stop: () => Promise<void> }
let product_id: number
beforeAll(async () => {
  database = await openTestDatabase()
  product_id = await makeProduct(database.sql, { title: 'Zebrano spoon' })
  served = await openUncachedApp(database.sql)
})
afterAll(async () => {
  await served.stop()
  await database.close()
})

/** Counts the operations of the second call, because the first one prepares its statements. */
async function countWork(path: string): Promise<Record<'parsed' | 'rendered' | 'answers', number>> {
  await served.app.request(path)
  const [parse, stringify] = [spyOn(JSON, 'parse'), spyOn(JSON, 'stringify')]
  const { Response: Original } = globalThis
  let answers = 0
  globalThis.Response = class extends Original {
    constructor(...args: ConstructorParameters<typeof Original>) {
      super(...args)
      answers++
    }
  } as typeof Original
  try {
    const answer = await served.app.request(path)
    expect(answer.status).toBe(200)
    return { parsed: parse.mock.calls.length, rendered: stringify.mock.calls.length, answers }
  } finally {
    globalThis.Response = Original
    parse.mockRestore()
    stringify.mockRestore()
  }
}

test('a page is the text that SQL rendered', async () => {
  expect(await countWork(`/v1/products/${product_id}`)).toEqual({ parsed: 0, rendered: 0, answers: 1 })
})

test('the tree of categories is the text that SQL rendered', async () => {
  expect(await countWork('/v1/categories')).toEqual({ parsed: 0, rendered: 0, answers: 1 })
})

test('a search parses and renders only its counts, not its items', async () => {
  expect(await countWork('/v1/search?q=zebrano')).toEqual({ parsed: 1, rendered: 2, answers: 1 })
})
