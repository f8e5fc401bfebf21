import { describe, expect, test } from 'bun:test'
import { expectStatus } from '../test/api.ts'
import type { Category } from '../test/representations.ts'
import { startServer } from '../test/server.ts'

const { api } = await startServer()

describe('GET /v1/categories', () => {
  test('answers a tree whose slugs and ids are unique', async () => {
    const { items } = expectStatus(await api<{ items: Category[] }>('GET', '/v1/categories'), 200)
    expect(items.length).toBeGreaterThan(0)
    const all = items.flatMap(flatten)
    expect(all.some((category) => category.children.length > 0)).toBe(true)
    expect(new Set(all.map((category) => category.slug)).size).toBe(all.length)
    expect(new Set(all.map((category) => category.id)).size).toBe(all.length)
    for (const category of all) {
      expect(Object.keys(category).sort()).toEqual(['children', 'id', 'name', 'slug'])
      expect(category.slug).toMatch(/^[a-z0-9]+(-[a-z0-9]+)*$/)
    }
  })

  test('can be fetched again for nothing', async () => {
    const etag = (await api('GET', '/v1/categories')).headers.get('etag') ?? ''
    expect((await api('GET', '/v1/categories', { headers: { 'If-None-Match': etag } })).status).toBe(304)
  })
})

function flatten(category: Category): Category[] {
  return [category, ...category.children.flatMap(flatten)]
}
