import type { Config } from '../../platform/config.ts'
import type { Reader } from '../../platform/db/statement.ts'
import { routine } from '../../platform/db/statement.ts'
import { Jsonb, Void } from '../../platform/db/types.ts'

const settings = routine('store_settings', { variables: Jsonb }, { store_settings: Void })

/** Stores the variables that stored functions read. So they work for a caller with psql, too. */
export async function storeSettings(sql: Reader, config: Config): Promise<void> {
  const { PAYOUT_HOLD_DAYS, PAYOUT_MINIMUM, PAYOUT_PROVIDER, PAYOUTS_PAUSED } = config
  const variables = { PAYOUT_HOLD_DAYS: PAYOUT_HOLD_DAYS ?? null, PAYOUT_MINIMUM, PAYOUT_PROVIDER, PAYOUTS_PAUSED }
  await settings.one(sql, { variables })
}
