import type { Router } from 'hono/router'
import { RegExpRouter } from 'hono/router/reg-exp-router'
import { SmartRouter } from 'hono/router/smart-router'
import { TrieRouter } from 'hono/router/trie-router'
import { isRead } from './read_routing.ts'

/**
 * Returns a router with one table for GET and one for the other methods. Hono's fast router, one regular expression, cannot hold
 * `DELETE /v1/sessions/current` beside `DELETE /v1/sessions/:id`. In a single table, those two calls would slow down every page.
 */
export function createRouter<T>(): Router<T> {
  const [reads, writes] = [createTable<T>(), createTable<T>()]
  return {
    name: 'reads and writes',
    add: (method, path, handler) => {
      if (method === 'ALL' || isRead(method)) reads.add(method, path, handler)
      if (method === 'ALL' || !isRead(method)) writes.add(method, path, handler)
    },
    match: (method, path) => (isRead(method) ? reads : writes).match(method, path),
  }
}

function createTable<T>(): Router<T> {
  return new SmartRouter<T>({ routers: [new RegExpRouter<T>(), new TrieRouter<T>()] })
}
