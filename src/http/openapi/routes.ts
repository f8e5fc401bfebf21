import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from '@sinclair/typebox'
import type { Hono } from 'hono'
import { Problem } from '../../platform/problem.ts'
import { projectRoot } from '../../platform/project.ts'
import type { Env } from '../env.ts'
import { operation } from '../operation/operation.ts'
import { sendJson } from '../respond.ts'
import { withExample } from '../schemas.ts'
import { describeApi } from './openapi.ts'

const tag = 'Operations'

const SWAGGER_UI = join(projectRoot, 'node_modules', 'swagger-ui-dist')
const OWN = join(import.meta.dirname, 'page')
const [CSS, JAVASCRIPT] = ['text/css; charset=utf-8', 'text/javascript; charset=utf-8']
const A_DAY = 'public, max-age=86400'

/** The files of the page, their folders and media types. Everything comes from this server. */
const ASSETS: Record<string, { folder: string; type: string; kept: string }> = {
  'swagger-ui.css': { folder: SWAGGER_UI, type: CSS, kept: A_DAY },
  'swagger-ui-bundle.js': { folder: SWAGGER_UI, type: JAVASCRIPT, kept: A_DAY },
  'favicon-32x32.png': { folder: SWAGGER_UI, type: 'image/png', kept: A_DAY },
  'reference.css': { folder: OWN, type: CSS, kept: 'no-cache' },
  'start.js': { folder: OWN, type: JAVASCRIPT, kept: 'no-cache' },
}

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stallwright API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
<link rel="stylesheet" href="/docs/reference.css">
</head>
<body>
<div id="reference"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script type="module" src="/docs/start.js"></script>
</body>
</html>
`

// Swagger UI sets inline styles and draws its icons from data: URLs. Everything else must come from this server.
const CSP = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

/** Serves `/openapi.json` and the reference page `/docs` for all calls that the app has at this point. */
export function mountDocs(app: Hono<Env>): void {
  let document: string | undefined
  app.get(
    '/openapi.json',
    operation({
      id: 'getOpenApi',
      summary: 'Read this document',
      description: 'OpenAPI 3.1. Generate clients from it.',
      tag,
      limit: 'none',
      etag: 'revalidated',
      answers: { 200: Type.Object({ openapi: withExample(Type.String(), '3.1.0') }, { $id: 'OpenApiDocument' }) },
    }),
    (c) => {
      document ??= JSON.stringify(describeApi(app, c.get('public_url')))
      return sendJson(c, document)
    },
  )
  app.get('/docs', (c) => c.html(PAGE, 200, { 'Content-Security-Policy': CSP }))
  app.get('/docs/:asset', (c) => {
    const name = c.req.param('asset')
    const asset = Object.hasOwn(ASSETS, name) ? ASSETS[name] : undefined
    if (!asset) throw new Problem('not_found')
    const headers = { 'Content-Type': asset.type, 'Cache-Control': asset.kept }
    return c.body(readFileSync(join(asset.folder, name)), 200, headers)
  })
}
