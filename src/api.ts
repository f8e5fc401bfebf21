import { type Context, Hono } from 'hono'
import type { Endpoint, ExtractSchema } from 'hono/types'
import type { StatusCode } from 'hono/utils/http-status'
import { ownAddresses } from './domains/addresses/routes.ts'
import { cart } from './domains/cart/routes.ts'
import { categories } from './domains/categories/routes.ts'
import { checkout, checkouts } from './domains/checkout/routes.ts'
import { favorites } from './domains/favorites/routes.ts'
import { guests } from './domains/guests/routes.ts'
import { orderAccess } from './domains/orders/access.ts'
import { refunds } from './domains/orders/refunds.ts'
import { orders } from './domains/orders/routes.ts'
import { orderShipments } from './domains/orders/shipments.ts'
import { webhooks } from './domains/payments/routes.ts'
import { pictureFiles, pictures } from './domains/pictures/routes.ts'
import { privacy } from './domains/privacy/routes.ts'
import { processingProfiles } from './domains/processing/routes.ts'
import { ownProducts, products } from './domains/products/routes.ts'
import { recommendations } from './domains/recommendations/routes.ts'
import { reviews } from './domains/reviews/routes.ts'
import { search } from './domains/search/routes.ts'
import { secondFactor } from './domains/second_factor/routes.ts'
import { sections } from './domains/sections/routes.ts'
import { sessions } from './domains/sessions/routes.ts'
import { shipments } from './domains/shipments/routes.ts'
import { shippingProfiles } from './domains/shipping_profiles/routes.ts'
import { shopMoney } from './domains/shops/money.ts'
import { shopPayoutAccount } from './domains/shops/payout_account.ts'
import { shopProcessingProfiles } from './domains/shops/processing_profiles.ts'
import { ownShops, shops } from './domains/shops/routes.ts'
import { shopSections } from './domains/shops/sections.ts'
import { shopShippingProfiles } from './domains/shops/shipping_profiles.ts'
import { trending } from './domains/trending/routes.ts'
import { emailVerifications } from './domains/users/email_verifications.ts'
import { passwordResets } from './domains/users/password_resets.ts'
import { me, users } from './domains/users/routes.ts'
import { productVariants, variants } from './domains/variants/routes.ts'
import { allowOrigins } from './http/cors.ts'
import type { Env, Services } from './http/env.ts'
import { shedLoad } from './http/limits/shed_load.ts'
import { observe } from './http/observe/observe.ts'
import { refuseOddPath } from './http/path.ts'
import { hideChecks, metrics, probes } from './http/probes/routes.ts'
import { isRead } from './http/read_routing.ts'
import { createRouter } from './http/router.ts'
import { logRefusal } from './http/security_event.ts'
import { answerUnknownPath } from './http/unknown_path.ts'
import { takePriority } from './platform/db/connection_queue.ts'
import { startDeadline } from './platform/db/deadline.ts'
import { renderProblem, toProblem } from './platform/problem.ts'

/** All calls as a Web-standard `fetch` handler over what it is given. */
export function createApi(services: Services) {
  const bare = openApp(services)
  if (services.cors_origins.length > 0) bare.use(allowOrigins(services.cors_origins))
  boundLoad(bare)
  if (services.has_operations_port) bare.use('/readyz', hideChecks)
  // One chain, because the type of the app is the sum of the types of its chained calls.
  const api = bare
    .route('/v1/users', users)
    .route('/v1/guests', guests)
    .route('/v1/me', me)
    .route('/v1/me/addresses', ownAddresses)
    .route('/v1/me', privacy)
    .route('/v1/me/shops', ownShops)
    .route('/v1/me/products', ownProducts)
    .route('/v1/me/second-factor', secondFactor)
    .route('/v1/sessions', sessions)
    .route('/v1/password-resets', passwordResets)
    .route('/v1/email-verifications', emailVerifications)
    .route('/v1/shops', shops)
    .route('/v1/shops', shopMoney)
    .route('/v1/shops', shopPayoutAccount)
    .route('/v1/shops', shopProcessingProfiles)
    .route('/v1/processing-profiles', processingProfiles)
    .route('/v1/shops', shopSections)
    .route('/v1/sections', sections)
    .route('/v1/shops', shopShippingProfiles)
    .route('/v1/shipping-profiles', shippingProfiles)
    .route('/v1/products', products)
    .route('/v1/products', productVariants)
    .route('/v1/variants', variants)
    .route('/v1/categories', categories)
    .route('/v1/search', search)
    .route('/v1/trending', trending)
    .route('/v1/recommendations', recommendations)
    .route('/v1/cart', cart)
    .route('/v1/checkout', checkout)
    .route('/v1/checkouts', checkouts)
    .route('/v1/order-access', orderAccess)
    .route('/v1/orders', orders)
    .route('/v1/orders', refunds)
    .route('/v1/orders', orderShipments)
    .route('/v1/shipments', shipments)
    .route('/v1/reviews', reviews)
    .route('/v1/favorites', favorites)
    .route('/v1/pictures', pictures)
    .route('/pictures', pictureFiles)
    .route('/v1/webhooks', webhooks)
    .route('/', probes)
  if (!services.has_operations_port) api.route('/', metrics)
  return api
}

/** Their reads have priority too. */
const BUYING = /^\/v1\/(?:cart|checkouts?)(?:\/|$)/

/** Sheds excess load, gives each call a deadline, and gives cart, checkout and every write priority over other reads. */
function boundLoad(app: Hono<Env>): void {
  const shed = shedLoad()
  app.use('/v1/*', (c, next) => {
    startDeadline()
    if (!isRead(c.req.method) || BUYING.test(c.req.path)) takePriority()
    return shed(c, next)
  })
  app.use('/pictures/*', shed)
}

/** The app of a worker's port: the probes, and the metrics unless operations have a port of their own. */
export function createProbes(services: Services): Hono<Env> {
  if (!services.has_operations_port) return createOperations(services)
  const app = openApp(services)
  app.use('/readyz', hideChecks)
  app.route('/', probes)
  return app
}

/** The app for operators, on OPERATIONS_PORT: the probes with their checks, and the metrics. */
export function createOperations(services: Services): Hono<Env> {
  const app = openApp(services)
  app.route('/', probes)
  app.route('/', metrics)
  return app
}

/** Returns an app that observes each call, and responds to each error and each unknown path with a problem. */
function openApp(services: Services): Hono<Env> {
  const app = new Hono<Env>({ router: createRouter() })
  const observer = observe(services)
  app.use((c, next) => {
    const problem = refuseOddPath(c)
    if (!problem) return observer(c, next)
    return observer(c, async () => {
      c.res = answerError(problem, c)
    })
  })
  app.notFound(answerUnknownPath(app))
  app.onError(answerError)
  return app
}

/** Returns the problem for an error, and logs it if an operator should see it. */
function answerError(error: Error, c: Context<Env>): Response {
  const problem = toProblem(error)
  c.set('problem', problem.code)
  logRefusal(c, problem.code)
  // A problem with a cause comes from one of our stores.
  if (problem.code === 'internal_error' || problem.cause)
    c.get('log').error({ request_id: c.get('request_id'), err: error }, 'unexpected error')
  return renderProblem(problem, c.get('request_id'))
}

/** The responses that a call declares. A handler's own type is text of any status, because PostgreSQL renders the text. */
type Declared<E> = E extends Endpoint ? (StatusCode extends E['status'] ? never : E) : never
type DeclaredOnly<S> = { [P in keyof S]: { [M in keyof S[P]]: Declared<S[P][M]> } }

/** For `hc<App>(url)` of hono/client: every call below /v1 with its parameters and responses, problems included. */
export type App = Hono<Env, DeclaredOnly<ExtractSchema<ReturnType<typeof createApi>>>>
