import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Type } from '@sinclair/typebox'
import type { Hono } from 'hono'
import { etag } from 'hono/etag'
import type { Env } from '../http/env.ts'
import { operation } from '../http/operation.ts'
import { withExample } from '../http/schemas.ts'
import { Problem } from '../problem.ts'
import { projectRoot } from '../project.ts'
import { describeApi } from './openapi.ts'

const tag = 'Operations'

/** What of swagger-ui is served, and as what. Everything comes from this server. */
const ASSETS: Record<string, string> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
}

const PAGE = `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Stallwright API</title>
<link rel="icon" href="/docs/favicon-32x32.png">
<link rel="stylesheet" href="/docs/swagger-ui.css">
</head>
<body>
<div id="reference"></div>
<script src="/docs/swagger-ui-bundle.js"></script>
<script src="/docs/start.js"></script>
</body>
</html>
`
const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#reference', deepLinking: true, persistAuthorization: true })\n`

// Swagger UI sets inline styles and draws its icons from data: URLs; nothing else may come from anywhere but here.
const CSP = "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; frame-ancestors 'none'"

/** Serves `/openapi.json` and the reference page `/docs` for all calls that the app has by now. */
export function mountDocs(app: Hono<Env>): void {
  let document: string | undefined
  app.get(
    '/openapi.json',
    etag(),
    operation({
      id: 'getOpenApi',
      summary: 'This API as OpenAPI 3.1',
      description: 'The document that you read. Generate clients from it.',
      tag,
      limit: 'none',
      etag: 'revalidated',
      answers: { 200: Type.Object({ openapi: withExample(Type.String(), '3.1.0') }, { $id: 'OpenApiDocument' }) },
    }),
    (c) => {
      document ??= JSON.stringify(describeApi(app, c.get('public_url')))
      return c.body(document, 200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache' })
    },
  )
  app.get('/docs', (c) => c.html(PAGE, 200, { 'Content-Security-Policy': CSP }))
  app.get('/docs/start.js', (c) => c.body(START, 200, { 'Content-Type': 'text/javascript; charset=utf-8' }))
  app.get('/docs/:asset', (c) => {
    const asset = c.req.param('asset')
    const type = Object.hasOwn(ASSETS, asset) ? ASSETS[asset] : undefined
    if (!type) throw new Problem('not_found')
    const bytes = readFileSync(join(projectRoot, 'node_modules', 'swagger-ui-dist', asset))
    return c.body(bytes, 200, { 'Content-Type': type, 'Cache-Control': 'public, max-age=86400' })
  })
}
