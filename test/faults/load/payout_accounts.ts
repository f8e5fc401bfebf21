/** Shops that can be paid by the simulated provider. */
import { accountId } from '../../../src/domains/payments/simulated_accounts.ts'
import type { SimulatedMode } from '../../../src/domains/payouts/provider.ts'
import type { Sql } from '../../../src/platform/db/client.ts'
import type { Shop } from '../../support/people.ts'

/** The variables of a server that pays everything that has left, by the simulated provider. */
export const PAYS_AT_ONCE = { PAYOUT_PROVIDER: 'simulated', PAYOUT_HOLD_DAYS: '0', PAYOUT_MINIMUM: '1' }
/** What the operator of a marketplace with this percent and this amount a unit keeps. */
export const COMMISSION = { percent: '6.5', fixed_per_unit: '0.30' }

/** Sets the commission of all sales. */
export async function setCommission(sql: Sql): Promise<void> {
  await sql`
    update commission_rates set percent = ${COMMISSION.percent}, fixed_per_unit = ${COMMISSION.fixed_per_unit}
    where shop_id is null and category_id is null`
}

/** Opens payout accounts that behave as `modeOf` says. Call it when a server has stored its settings. */
export async function openPayoutAccounts(sql: Sql, shops: Shop[], modeOf: (place: number) => SimulatedMode): Promise<void> {
  for (const [place, { shop_id, seller }] of shops.entries()) {
    await sql`select from open_payout_account(${shop_id}, ${seller.id})`
    await sql`select settle_payout_account(${shop_id}, 'simulated', ${accountId(shop_id, modeOf(place))}, 'active')`
  }
}
