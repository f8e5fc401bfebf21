import { type Context, Hono } from 'hono'
import { invalidInput, Problem } from '../../platform/problem.ts'
import type { Env } from '../env.ts'
import { applyLimit } from '../limits/apply_limit.ts'
import { isRead } from '../read_routing.ts'
import { DASHBOARD_PATH } from './open_dashboard.ts'
import { isOperator } from './operator.ts'

// React Router starts its pages with inline scripts without a nonce. Everything else must come from this server, including fonts.
const CSP =
  "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

/** The dashboard of the job queues. Sign in with any name, and OPERATOR_TOKEN as the password. Returns 404 if no token is set. */
export const admin = new Hono<Env>()
for (const path of [DASHBOARD_PATH, `${DASHBOARD_PATH}/*`])
  admin.all(path, async (c) => {
    await admitOperator(c)
    refuseForeignForm(c)
    const answer = await c.get('dashboard').answer(c.req.raw)
    const headers = new Headers(answer.headers)
    headers.set('Content-Security-Policy', CSP)
    if (!headers.has('Cache-Control')) headers.set('Cache-Control', 'no-store')
    return new Response(answer.body, { status: answer.status, headers })
  })

async function admitOperator(c: Context<Env>): Promise<void> {
  if (c.get('operator_token') === null) throw new Problem('not_found')
  await applyLimit(c, 'address')
  const [, credentials = ''] = /^Basic ([\w+/=]+)$/i.exec(c.req.header('authorization') ?? '') ?? []
  const [, password = ''] = /^[^:]*:(.*)$/s.exec(Buffer.from(credentials, 'base64').toString()) ?? []
  if (await isOperator(c, password)) return
  throw new Problem(
    'unauthorized',
    'Sign in with the OPERATOR_TOKEN as password.',
    {},
    { 'WWW-Authenticate': 'Basic realm="Job queues"' },
  )
}

/**
 * Throws 422 for a change without an Origin header. A browser sends the operator's password by itself, even with a form on
 * another site's page, but it also sends the Origin of that page. The dashboard checks that the Origin is ours.
 */
function refuseForeignForm(c: Context<Env>): void {
  if (isRead(c.req.method) || c.req.header('origin')) return
  throw invalidInput([{ pointer: '#/Origin', detail: 'must be present: only this page can make changes' }])
}
