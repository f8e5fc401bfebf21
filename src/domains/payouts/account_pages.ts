/**
 * The pages of the onboarding of sellers: the one of the simulated provider, which makes the account active, and the one to which a
 * real provider sends the seller back.
 */
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import type { Env } from '../../http/env.ts'
import { applyLimit } from '../../http/limits/apply_limit.ts'
import { CSP_WITH_FORM, type Markup, renderFrame } from '../../http/pages/frame.ts'
import { orNotFound } from '../../http/respond.ts'
import { withDeadline } from '../../platform/db/deadline.ts'
import { Problem } from '../../platform/problem.ts'
import { SIMULATED_MODES, type SimulatedMode } from './provider.ts'
import { settlePayoutAccount, showOnboarding } from './statements.ts'

const TIMEOUT_MS = 5000

/** Mounted at /payout-accounts. */
export const accountPages = new Hono<Env>()
  .get('/done', (c) =>
    sendPage(c, textPage('The onboarding is over', 'Go back to your shop. It shows the state of the account.')),
  )
  .get('/again', (c) => sendPage(c, textPage('The link has expired', 'Open the link again from your shop.')))
  .get('/:shop_id/:token', async (c) => {
    const { account } = await findAccount(c)
    return sendPage(c, askPage(account.status))
  })
  .post('/:shop_id/:token', async (c) => {
    const { shop_id, account, onboarding, provider } = await findAccount(c)
    const mode = readMode(new URL(c.req.url).searchParams.get('as') ?? undefined)
    const state = await onboarding.complete({ ...account, shop_id }, mode, AbortSignal.timeout(TIMEOUT_MS))
    await withDeadline(() => settlePayoutAccount.one(c.get('sql'), { ...state, shop_id, provider, known_status: null }))
    return sendPage(c, textPage(`The account is ${state.status}`, 'Go back to your shop.'))
  })

function readMode(text = 'active'): SimulatedMode {
  const mode = SIMULATED_MODES.find((one) => one === text)
  if (!mode) throw new Problem('invalid_query', `"as" must be one of ${SIMULATED_MODES.join(', ')}.`)
  return mode
}

/** Returns the account of the page. 404 unless the provider is simulated and the token is that of the shop. */
async function findAccount(c: Context<Env>) {
  await applyLimit(c, 'address')
  const { name: provider, onboarding } = c.get('payments').provider.payouts
  const shop_id = Number(c.req.param('shop_id'))
  const isPage = onboarding?.isToken(shop_id, c.req.param('token') ?? '')
  const found = isPage ? await withDeadline(() => showOnboarding.maybe(c.get('sql'), { shop_id, provider })) : null
  return { shop_id, provider, account: orNotFound(found, 'page'), onboarding: orNotFound(onboarding ?? null, 'page') }
}

function sendPage(c: Context<Env>, main: Markup): Response | Promise<Response> {
  const headers = { 'Content-Security-Policy': CSP_WITH_FORM, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }
  return c.html(renderFrame('Payout account · Stallwright', main), 200, headers)
}

function askPage(status: string): Markup {
  return html`<h1>Open the payout account</h1>
<p>The simulated provider asks for your bank account. The account is ${status}.</p>
<form method="post"><button>Make it active</button>
${SIMULATED_MODES.filter((mode) => mode !== 'active').map(
  (mode) => html`<button class="quiet" formaction="?as=${mode}">${mode.replaceAll('_', ' ')}</button>`,
)}</form>
<p class="soft">This page stands in for the onboarding of a payout provider. No money moves.</p>`
}

function textPage(title: string, next: string): Markup {
  return html`<h1>${title}</h1>
<p>${next}</p>`
}
