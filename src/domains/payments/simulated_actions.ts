import { createHmac, timingSafeEqual } from 'node:crypto'
import type { Charge, ChargeResult, NextAction } from './provider.ts'
import { type AccountPages, openAccountPages } from './simulated_accounts.ts'
import type { ChargeRecord } from './simulated_records.ts'

/** The pages of simulated actions. Their tokens are unguessable, and the same for all processes of one database. */
export type ActionPages = {
  isToken: (checkout_id: number, token: string) => boolean
  nextAction: (charge: Pick<Charge, 'checkout_id' | 'base_url'>) => NextAction
  accounts: AccountPages
}

/** `secret`: the id of the installation. `usual_base_url` is for charges without a request. */
export function openActionPages(secret: Uint8Array, usual_base_url: string): ActionPages {
  const tokenOf = (checkout_id: number) => createHmac('sha256', secret).update(`action of ${checkout_id}`).digest()
  return {
    isToken: (checkout_id, token) => {
      const [given, expected] = [Buffer.from(token, 'base64url'), tokenOf(checkout_id)]
      return given.length === expected.length && timingSafeEqual(given, expected)
    },
    accounts: openAccountPages(secret, usual_base_url),
    nextAction: ({ checkout_id, base_url }) => ({
      type: 'redirect_to_url',
      url: `${base_url ?? usual_base_url}/payment-actions/${checkout_id}/${tokenOf(checkout_id).toString('base64url')}`,
    }),
  }
}

/** Those of Stripe. */
export const SIMULATED_LIMITS = { min: '0.50', max: '999999.99' }

/** Returns a record of the ledger as the result of a provider. */
export function chargeResultOf(
  { outcome, charge: reference }: Pick<ChargeRecord, 'outcome' | 'charge'>,
  charge: Pick<Charge, 'checkout_id' | 'base_url'>,
  pages: ActionPages,
): ChargeResult {
  return outcome === 'requires_action' ? { outcome, reference, next_action: pages.nextAction(charge) } : { outcome, reference }
}
