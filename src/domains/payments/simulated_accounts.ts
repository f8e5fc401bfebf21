/** The accounts of shops at the simulated provider. The id of an account says all about it, so every process knows it. */
import { createHmac, timingSafeEqual } from 'node:crypto'
import { type AccountQuery, type AccountState, SIMULATED_MODES, type SimulatedMode } from '../payouts/provider.ts'

/** Tells the accounts of simulated shops apart. `pending`: the onboarding has not ended. */
type Mode = SimulatedMode | 'pending'
const MODES: readonly Mode[] = [...SIMULATED_MODES, 'pending']

/** Returns the id of the account of a shop. It names a mode with a consequence. */
export function accountId(shop_id: number, mode: Mode): string {
  return `acct_${shop_id}${mode === 'active' ? '' : `.${mode}`}`
}

/** Reads an id of `accountId`. `account` names the account in all its modes. Any other id is that of a restricted account. */
export function readAccountId(id: string): { account: string; mode: Mode } {
  const [, account, named = 'active'] = /^(acct_\d+)(?:\.(\w+))?$/.exec(id) ?? []
  return { account: account ?? id, mode: (account && MODES.find((mode) => mode === named)) || 'restricted' }
}

/** The pages of the onboarding. Their tokens are unguessable, and the same for all processes of one database. */
export type AccountPages = {
  isToken: (shop_id: number, token: string) => boolean
  urlOf: (account: Pick<AccountQuery, 'shop_id' | 'base_url'>) => string
}

/** `secret`: the id of the installation. `usual_base_url` is for calls without a request. */
export function openAccountPages(secret: Uint8Array, usual_base_url: string): AccountPages {
  const tokenOf = (shop_id: number) => createHmac('sha256', secret).update(`payout account of ${shop_id}`).digest()
  return {
    isToken: (shop_id, token) => {
      const [given, expected] = [Buffer.from(token, 'base64url'), tokenOf(shop_id)]
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
    urlOf: ({ shop_id, base_url }) =>
      `${base_url ?? usual_base_url}/payout-accounts/${shop_id}/${tokenOf(shop_id).toString('base64url')}`,
  }
}

/** Returns what the provider says about an account, a new one if it has no reference. */
export function accountStateOf(account: AccountQuery, pages: AccountPages): AccountState {
  const reference = account.reference ?? accountId(account.shop_id, 'pending')
  const { mode } = readAccountId(reference)
  const status = mode === 'pending' || mode === 'restricted' ? mode : 'active'
  const requirements = { pending: ['bank_account'], restricted: ['identity_document'], active: [] }[status]
  return { reference, status, requirements, onboarding_url: status === 'active' ? null : pages.urlOf(account) }
}
