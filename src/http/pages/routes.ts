/**
 * The small pages beside the API: the start page, a page for each problem, and the files that browsers and crawlers request by
 * themselves.
 */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { type Context, Hono } from 'hono'
import { accepts } from 'hono/accepts'
import { etag } from 'hono/etag'
import { html } from 'hono/html'
import { Problem, type ProblemCode, problemKinds } from '../../platform/problem.ts'
import type { Env } from '../env.ts'
import { CSP, type Markup, renderFrame } from './frame.ts'
import { problemWords } from './problem_words.ts'

const ICON = readFileSync(join(import.meta.dirname, 'favicon.ico'))
const A_DAY = 'public, max-age=86400'

/** Crawlers may read the pages, but not the API: a call costs the database more than it helps them. */
const ROBOTS = `User-agent: *
Disallow: /v1/
`

const PLACES = [
  { name: 'demo', path: '/demo', title: 'Search and buy', about: 'A page that searches, shows and sells what is for sale.' },
  {
    name: 'reference',
    path: '/docs',
    title: 'API reference',
    about: 'First steps, and each call with what it takes and answers.',
  },
  {
    name: 'openapi',
    path: '/openapi.json',
    title: 'OpenAPI document',
    about: 'The same for programs: generate a client from it.',
  },
]

/** Mounted at the root. */
export const pages = new Hono<Env>()
  .get('/', etag(), (c) => {
    c.header('Vary', 'Accept', { append: true })
    const type = accepts(c, { header: 'Accept', supports: ['application/json', 'text/html'], default: 'application/json' })
    if (type === 'text/html') return sendPage(c, renderFrame('Stallwright', frontPage()))
    return c.json({ name: 'Stallwright', ...Object.fromEntries(PLACES.map(({ name, path }) => [name, path])) })
  })
  .get('/problems/:code', etag(), (c) => {
    const code = c.req.param('code')
    if (!isProblemCode(code)) throw new Problem('not_found', 'No problem has this code. See /docs.')
    return sendPage(c, renderFrame(`${problemKinds[code].title} · Stallwright`, problemPage(code)))
  })
  .get('/robots.txt', (c) => c.text(ROBOTS, 200, { 'Cache-Control': A_DAY }))
  .get('/favicon.ico', (c) => c.body(ICON, 200, { 'Content-Type': 'image/x-icon', 'Cache-Control': A_DAY }))
  .get('/docs/', leaveOutSlash)
  .get('/demo/', leaveOutSlash)

/** Redirects to the same address without the slash at the end of its path. */
function leaveOutSlash(c: Context<Env>): Response {
  const { pathname, search } = new URL(c.req.url)
  return c.redirect(pathname.slice(0, -1) + search, 308)
}

function sendPage(c: Context<Env>, page: Markup): Response | Promise<Response> {
  return c.html(page, 200, { 'Content-Security-Policy': CSP, 'Cache-Control': 'no-cache' })
}

function isProblemCode(code: string): code is ProblemCode {
  return Object.hasOwn(problemKinds, code)
}

function frontPage(): Markup {
  const places = PLACES.map(({ path, title, about }) => html`<li><a href="${path}">${title}</a><p class="soft">${about}</p></li>`)
  return html`<h1>Stallwright</h1>
<p>The open backend for marketplaces of handmade and vintage goods.</p>
<ul>${places}</ul>`
}

function problemPage(code: ProblemCode): Markup {
  const { status, title } = problemKinds[code]
  const { meaning, remedy } = problemWords[code]
  return html`<h1>${title}</h1>
<p class="soft"><code>${code}</code>, HTTP status ${status}</p>
<h2>What it means</h2>
<p>${meaning}</p>
<h2>What to do next</h2>
<p>${remedy}</p>
<ul><li><a href="/docs">API reference</a><p class="soft">It says which calls answer this.</p></li></ul>`
}
