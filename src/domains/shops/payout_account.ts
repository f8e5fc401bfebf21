import type { Static } from '@sinclair/typebox'
import { type Context, Hono } from 'hono'
import { baseUrl } from '../../http/base_url.ts'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { IdParam } from '../../http/schemas.ts'
import { Problem } from '../../platform/problem.ts'
import type { AccountState, PayoutProvider } from '../payouts/provider.ts'
import { PayoutAccount, PayoutAccountInput } from '../payouts/schemas.ts'
import { openPayoutAccount, settlePayoutAccount, showPayoutAccount } from '../payouts/statements.ts'

const tag = 'Money'
/** Stripe needs about a second for a new account. */
const TIMEOUT_MS = 10_000

/** Mounted at `/v1/shops`. */
export const shopPayoutAccount = new Hono<Env>()
  .post(
    '/:id/payout-account',
    operation({
      id: 'openPayoutAccount',
      summary: 'Open the payout account of a shop',
      description: `For the shop's owner. A second call returns the account, with a new \`onboarding_url\` if the provider asks for something.

Send the seller to \`onboarding_url\`, and read the account again afterwards. Payouts begin once it is \`active\`.

Without a provider, an operator pays by hand: send \`holder_name\` and \`iban\`, which also replace earlier ones. On
\`payment_unavailable\` the provider did not respond; call again.`,
      tag,
      limit: 'payout_account',
      signed_in: true,
      params: IdParam,
      body: PayoutAccountInput,
      is_body_optional: true,
      links: { getPayoutAccount: { id: '$request.path.id' } },
      answers: { 201: PayoutAccount },
      problems: ['not_found', 'not_owner', 'payment_unavailable'],
    }),
    async (c) => {
      const shop_id = c.req.valid('param').id
      const account = c.req.valid('json')
      const opened = await openPayoutAccount.one(c.get('sql'), { shop_id, user_id: c.get('user_id'), account })
      const state = await askProvider(c, shop_id, opened).catch((err) => {
        if (err instanceof Problem) throw err
        c.get('log').warn({ err, shop_id }, 'the payout provider did not respond')
        throw new Problem('payment_unavailable', 'The payout provider did not respond. Call again.')
      })
      return c.json(show(await settle(c, shop_id, opened, state)), 201, {
        ...PRIVATE,
        Location: `/v1/shops/${shop_id}/payout-account`,
      })
    },
  )
  .get(
    '/:id/payout-account',
    operation({
      id: 'getPayoutAccount',
      summary: 'Read the payout account of a shop',
      description:
        "For the shop's owner. 404 before the first `POST`. The link of `onboarding_url` can expire within minutes; each call " +
        'returns a valid one.',
      tag,
      limit: 'payout_account',
      signed_in: true,
      params: IdParam,
      answers: { 200: PayoutAccount },
      problems: ['not_found', 'not_owner'],
    }),
    async (c) => {
      const shop_id = c.req.valid('param').id
      const account = await showPayoutAccount.one(c.get('sql'), { shop_id, user_id: c.get('user_id') })
      const state =
        account.reference === null || account.status === 'active'
          ? null
          : await askProvider(c, shop_id, account).catch(() => null)
      return c.json(show(await settle(c, shop_id, account, state)), 200, PRIVATE)
    },
  )

const PRIVATE = { 'Cache-Control': 'no-store' }

type Account = Static<typeof showPayoutAccount.row>

/** Returns what the provider of the account says, or null for an account that an operator pays by hand. */
async function askProvider(c: Context<Env>, shop_id: number, { provider, ...account }: Account): Promise<AccountState | null> {
  const payouts: PayoutProvider = c.get('payments').provider.payouts
  if (provider !== payouts.name) return null
  return payouts.openAccount({ ...account, shop_id, base_url: baseUrl(c) }, AbortSignal.timeout(TIMEOUT_MS))
}

/** Keeps what the provider said, unless a webhook was faster. Returns the state to show. */
async function settle(c: Context<Env>, shop_id: number, { provider, status, requirements }: Account, state: AccountState | null) {
  if (!state) return { status, requirements, onboarding_url: null }
  await settlePayoutAccount.one(c.get('sql'), { ...state, shop_id, provider, known_status: status })
  return state
}

function show({ status, onboarding_url, requirements }: Pick<AccountState, 'status' | 'onboarding_url' | 'requirements'>) {
  return { status, onboarding_url, requirements }
}
