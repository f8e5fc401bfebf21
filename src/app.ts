import { Hono } from 'hono'
import { cart } from './cart/routes.ts'
import { categories } from './categories/routes.ts'
import { checkout, checkouts } from './checkout/routes.ts'
import { demo } from './demo/routes.ts'
import { mountDocs } from './docs/routes.ts'
import { favorites } from './favorites/routes.ts'
import { allowOrigins } from './http/cors.ts'
import type { Dependencies, Env } from './http/env.ts'
import { observe } from './http/observe.ts'
import { answerUnknownPath } from './http/unknown_path.ts'
import { orders } from './orders/routes.ts'
import { webhooks } from './payments/routes.ts'
import { pictureFiles, pictures } from './pictures/routes.ts'
import { probes } from './probes/routes.ts'
import { renderProblem, toProblem } from './problem.ts'
import { ownProducts, products } from './products/routes.ts'
import { recommendations } from './recommendations/routes.ts'
import { reviews } from './reviews/routes.ts'
import { search } from './search/routes.ts'
import { sessions } from './sessions/routes.ts'
import { ownShops, shops } from './shops/routes.ts'
import { trending } from './trending/routes.ts'
import { me, users } from './users/routes.ts'

/** The whole API as a Web-standard `fetch` handler over what it is given. */
export function createApp(dependencies: Dependencies): Hono<Env> {
  const app = new Hono<Env>()
  app.use(observe(dependencies))
  app.use(allowOrigins(dependencies.cors_origins))
  app.route('/v1/users', users)
  app.route('/v1/me', me)
  app.route('/v1/me/shops', ownShops)
  app.route('/v1/me/products', ownProducts)
  app.route('/v1/sessions', sessions)
  app.route('/v1/shops', shops)
  app.route('/v1/products', products)
  app.route('/v1/categories', categories)
  app.route('/v1/search', search)
  app.route('/v1/trending', trending)
  app.route('/v1/recommendations', recommendations)
  app.route('/v1/cart', cart)
  app.route('/v1/checkout', checkout)
  app.route('/v1/checkouts', checkouts)
  app.route('/v1/orders', orders)
  app.route('/v1/reviews', reviews)
  app.route('/v1/favorites', favorites)
  app.route('/v1/pictures', pictures)
  app.route('/pictures', pictureFiles)
  app.route('/v1/webhooks', webhooks)
  app.route('/', probes)
  app.route('/demo', demo)
  mountDocs(app)
  app.notFound(answerUnknownPath(app))
  app.onError((error, c) => {
    const problem = toProblem(error)
    c.set('problem', problem.code)
    // A problem with a cause is one that a store of ours has made.
    if (problem.code === 'internal_error' || problem.cause)
      c.var.log.error({ request_id: c.var.request_id, err: error }, 'unexpected error')
    return renderProblem(problem, c.var.request_id)
  })
  return app
}
