import type { Hono } from 'hono'
import { admin } from './admin/routes.ts'
import { createApi } from './api.ts'
import { demo } from './demo/routes.ts'
import { mountDocs } from './docs/routes.ts'
import type { Dependencies, Env } from './http/env.ts'

/** The API with the pages that people look at: the demo, the reference, the job queues. */
export function createApp(dependencies: Dependencies): Hono<Env> {
  const app: Hono<Env> = createApi(dependencies)
  app.route('/demo', demo)
  app.route('/', admin)
  mountDocs(app)
  return app
}
