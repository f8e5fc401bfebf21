import type { Hono, NotFoundHandler } from 'hono'
import { Problem, renderProblem } from '../platform/problem.ts'
import type { Env } from './env.ts'

/** Returns 404 for an unknown path, and 405 with `Allow` for a path that has other methods. */
export function answerUnknownPath(app: Hono<Env>): NotFoundHandler<Env> {
  let known: { pattern: RegExp; method: string }[] | undefined
  return (c) => {
    known ??= app.routes
      .filter((route) => route.method !== 'ALL')
      .map((route) => ({ pattern: asPattern(route.path), method: route.method }))
    const allowed = known.filter((route) => route.pattern.test(c.req.path)).map((route) => route.method)
    // Rendered, not thrown, because an error from here would bypass the middleware that sets the headers of every response.
    if (allowed.length === 0)
      return renderProblem(new Problem('not_found', 'This path does not exist. See /docs.'), c.get('request_id'))
    if (allowed.includes('GET')) allowed.push('HEAD')
    const headers = { Allow: [...new Set(allowed)].join(', ') }
    return renderProblem(
      new Problem('method_not_allowed', `This path does not support ${c.req.method}.`, {}, headers),
      c.get('request_id'),
    )
  }
}

function asPattern(path: string): RegExp {
  return new RegExp(`^${path.replace(/:\w+/g, '[^/]+')}$`)
}
