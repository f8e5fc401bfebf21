import type { Hono } from 'hono'
import { admin } from './admin/routes.ts'
import { createApi, createOperations } from './api.ts'
import { demo } from './demo/routes.ts'
import { mountDocs } from './docs/routes.ts'
import type { Dependencies, Env } from './http/env.ts'
import { pages } from './pages/routes.ts'
import { securityTxt } from './security_txt/routes.ts'

/** The API with the pages that people look at: the front page, the demo, the reference, and the job queues unless operations have a port. */
export function createApp(dependencies: Dependencies): Hono<Env> {
  const app: Hono<Env> = createApi(dependencies)
  app.route('/demo', demo)
  app.route('/', pages)
  app.route('/', securityTxt)
  if (!dependencies.has_operations_port) app.route('/', admin)
  mountDocs(app)
  return app
}

/** What operators ask of an API process on OPERATIONS_PORT: probes, metrics, the job queues. */
export function createOperationsApp(dependencies: Dependencies): Hono<Env> {
  const app = createOperations(dependencies)
  app.route('/', admin)
  return app
}
