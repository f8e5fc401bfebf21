/**
 * The pages of a buyer's action, such as 3-D Secure: the one of the simulated provider, at which the buyer confirms or declines,
 * and the one to which a real provider sends the buyer back.
 */
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import type { Env } from '../../http/env.ts'
import { applyLimit } from '../../http/limits/apply_limit.ts'
import { CSP_WITH_FORM, type Markup, renderFrame } from '../../http/pages/frame.ts'
import { orNotFound } from '../../http/respond.ts'
import { withDeadline } from '../../platform/db/deadline.ts'
import { settlementOf } from '../payments/gateway.ts'
import { settle } from './settle.ts'
import { showAction } from './statements.ts'

const TIMEOUT_MS = 5000

/** Mounted at /payment-actions. */
export const actionPages = new Hono<Env>()
  .get('/done', (c) =>
    sendPage(c, donePage('The payment continues', 'Go back to the shop. It shows the outcome of the payment.')),
  )
  .get('/:checkout_id/:token', async (c) => {
    const { action } = await findAction(c)
    return sendPage(c, action.status === 'requires_action' ? askPage(action.amount) : outcomePage(action.status))
  })
  .post('/:checkout_id/:token', async (c) => {
    const { action, actions, provider } = await findAction(c)
    if (action.status !== 'requires_action') return sendPage(c, outcomePage(action.status))
    const is_confirmed = new URL(c.req.url).searchParams.get('decline') !== 'true'
    const result = await actions.complete(action, is_confirmed, AbortSignal.timeout(TIMEOUT_MS)).catch((err) => {
      c.get('log').warn({ err, checkout_id: action.checkout_id }, 'the payment provider did not respond to an action')
      return 'unreachable' as const
    })
    if (result === 'unreachable') return sendPage(c, UNREACHABLE_PAGE, 503)
    await settle(c, action.checkout_id, settlementOf(provider, orNotFound(result, 'payment')))
    return sendPage(c, outcomePage((await findAction(c)).action.status))
  })

/** Returns the payment of the page. 404 unless the provider is simulated and the token is that of the checkout. */
async function findAction(c: Context<Env>) {
  await applyLimit(c, 'address')
  const { provider } = c.get('payments')
  const checkout_id = Number(c.req.param('checkout_id'))
  const isPage = provider.actions?.isToken(checkout_id, c.req.param('token') ?? '')
  const found = isPage ? await withDeadline(() => showAction.maybe(c.get('sql'), { checkout_id })) : null
  return { action: orNotFound(found, 'page'), actions: orNotFound(provider.actions ?? null, 'page'), provider }
}

function sendPage(c: Context<Env>, main: Markup, status: 200 | 503 = 200): Response | Promise<Response> {
  const headers = { 'Content-Security-Policy': CSP_WITH_FORM, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }
  return c.html(renderFrame('Payment · Stallwright', main), status, headers)
}

function askPage(amount: string): Markup {
  return html`<h1>Confirm the payment</h1>
<p>The simulated bank asks: did you order for <strong>$${amount}</strong>?</p>
<form method="post"><button>Confirm</button> <button class="quiet" formaction="?decline=true">Decline</button></form>
<p class="soft">This page stands in for 3-D Secure. No money moves.</p>`
}

function outcomePage(status: string): Markup {
  return status === 'paid' || status === 'refunded'
    ? donePage('The payment is confirmed', 'Go back to the shop to see the order.')
    : status === 'pending'
      ? donePage('The payment is not decided yet', 'Go back to the shop. It shows the outcome of the payment.')
      : donePage('The payment has ended', `Nothing was charged: the payment is ${status}. The items are back in the cart.`)
}

function donePage(title: string, next: string): Markup {
  return html`<h1>${title}</h1>
<p>${next}</p>`
}

const UNREACHABLE_PAGE = donePage('The bank does not respond', 'Go back, and try again in a minute.')
