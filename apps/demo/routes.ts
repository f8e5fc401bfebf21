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

/** A module keeps its `.ts` name after its types are removed, so imports work here and in the browser. */
const TYPES: Record<string, string> = {
  '.html': 'text/html; charset=utf-8',
  '.css': 'text/css; charset=utf-8',
  '.svg': 'image/svg+xml',
  '.ts': 'text/javascript; charset=utf-8',
  '.woff2': 'font/woff2',
}

// Pictures can come from any host of a seller, everything else from this server. Nothing is inline.
const CSP = "default-src 'self'; img-src 'self' https: data:; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

const names = new Set([...readdirSync(FOLDER).filter((name) => name !== PAGE), FONT])

/** Serves a page at `/demo` that searches and sells with the public API alone. */
export const demo = new Hono<Env>()
  .get('/', etag(), (c) => send(c, PAGE))
  .get('/:asset', etag(), (c) => {
    const asset = c.req.param('asset')
    if (!names.has(asset)) throw new Problem('not_found')
    return send(c, asset)
  })

/** `no-cache` makes the browser revalidate each file, so page, style and modules have the same version. */
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
