import { readdirSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'
import { transformSync } from 'amaro'
import { type Context, Hono } from 'hono'
import { etag } from 'hono/etag'
import type { Env } from '../../src/http/env.ts'
import { Problem } from '../../src/platform/problem.ts'
import { projectRoot } from '../../src/platform/project.ts'

const FOLDER = join(import.meta.dirname, 'page')
const PAGE = 'index.html'
const FONT = 'figtree.woff2'
const FONT_FILE = join(projectRoot, 'node_modules/@fontsource-variable/figtree/files/figtree-latin-wght-normal.woff2')

/** A module keeps its name when its types are taken out, so that imports lead to the same files here and in the browser. */
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': 'text/javascript; charset=utf-8',
  '.woff2': 'font/woff2',
}

// Sellers' pictures come from wherever they keep them; everything else from here, and nothing inline.
const CSP = "default-src 'self'; img-src 'self' https: data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const names = new Set([...readdirSync(FOLDER).filter((name) => name !== PAGE), FONT])

/** Mounted at `/demo`: a page that shows search to a person, over the public API alone. */
export const demo = new Hono<Env>()
  .get('/', etag(), (c) => send(c, PAGE))
  .get('/:asset', etag(), (c) => {
    const asset = c.req.param('asset')
    if (!names.has(asset)) throw new Problem('not_found')
    return send(c, asset)
  })

/** `no-cache` asks each time, which costs a 304: page, style and modules are never of different versions for long. */
function send(c: Context<Env>, name: string): Response {
  return c.body(read(name), 200, {
    'Content-Type': TYPES[extname(name)] as string,
    'Content-Security-Policy': CSP,
    'Cache-Control': name === FONT ? 'public, max-age=86400' : 'no-cache',
  })
}

function read(name: string): string | Uint8Array<ArrayBuffer> {
  if (name === FONT) return readFileSync(FONT_FILE)
  const text = readFileSync(join(FOLDER, name), 'utf8')
  return name.endsWith('.ts') ? transformSync(text, { mode: 'strip-only' }).code : text
}
