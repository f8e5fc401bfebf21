import type { Hono } from 'hono'
import { demo } from '../apps/demo/routes.ts'
import { createApi, createOperations } from './api.ts'
import { actionPages } from './domains/checkout/action_pages.ts'
import { accessPage } from './domains/orders/access_page.ts'
import { accountPages } from './domains/payouts/account_pages.ts'
import { mailPages } from './domains/users/mail_pages.ts'
import { admin } from './http/admin/routes.ts'
import type { Env, Services } from './http/env.ts'
import { mountDocs } from './http/openapi/routes.ts'
import { pages } from './http/pages/routes.ts'
import { securityTxt } from './http/pages/security_txt.ts'

/** The API and the pages: the front page, the demo, the reference, and the job queues unless OPERATIONS_PORT serves them. */
export function createApp(services: Services): Hono<Env> {
  const app: Hono<Env> = createApi(services)
  app.route('/demo', demo)
  app.route('/payment-actions', actionPages)
  app.route('/payout-accounts', accountPages)
  app.route('/order-access', accessPage)
  app.route('/', mailPages)
  app.route('/', pages)
  app.route('/', securityTxt)
  if (!services.has_operations_port) app.route('/', admin)
  mountDocs(app)
  return app
}

/** The app of an API process on OPERATIONS_PORT: probes, metrics, the job queues. */
export function createOperationsApp(services: Services): Hono<Env> {
  const app = createOperations(services)
  app.route('/', admin)
  return app
}
