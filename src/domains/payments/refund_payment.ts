import { type Static, Type } from '@sinclair/typebox'
import { OrderStatus } from '../../http/schemas.ts'
import { query, routine } from '../../platform/db/statement.ts'
import { Nullable, Numeric, Void } from '../../platform/db/types.ts'
import type { JobHandler } from '../../platform/jobs/job.ts'
import type { PaymentGateway } from './gateway.ts'
import type { PaymentProvider } from './provider.ts'

const Owed = { checkout_id: Type.Integer(), provider: Type.String(), reference: Type.String(), amount: Numeric }
const showRefund = query('payments/show_refund', { refund_id: Type.Integer() }, Owed)
const showLateCharge = query('payments/show_late_charge', { checkout_id: Type.Integer() }, Owed)
const settleRefund = routine(
  'settle_refund',
  {
    refund_id: Type.Integer(),
    outcome: Type.String(),
    provider_reference: Nullable(Type.String()),
    failure_reason: Nullable(Type.String()),
  },
  { order_status: OrderStatus, moved_totals: Nullable(Type.Array(Type.String())) },
)
const completeLateCharge = routine(
  'complete_late_charge',
  { checkout_id: Type.Integer(), provider_reference: Type.String() },
  { complete_late_charge: Void },
)

const PROVIDER_TIMEOUT_MS = 10_000

/** Asks the provider to refund one order. */
export const refundPayment: JobHandler<{ payments: PaymentGateway }> = async ({ refund_id }, { sql, payments }) => {
  const owed = await showRefund.maybe(sql, { refund_id: Number(refund_id) })
  if (!owed) return
  const provider_reference = await refund(payments.provider, `refund_${refund_id}`, owed)
  await settleRefund.maybe(sql, {
    refund_id: Number(refund_id),
    outcome: 'refunded',
    provider_reference,
    failure_reason: null,
  })
}

/** Refunds a charge that was made after its checkout had been cancelled. */
export const refundLateCharge: JobHandler<{ payments: PaymentGateway }> = async ({ checkout_id }, { sql, payments, log }) => {
  const owed = await showLateCharge.maybe(sql, { checkout_id: Number(checkout_id) })
  if (!owed) return
  const provider_reference = await refund(payments.provider, `late_${checkout_id}`, owed)
  await completeLateCharge.one(sql, { checkout_id: owed.checkout_id, provider_reference })
  log.warn({ checkout_id }, 'refunded a late charge of a cancelled checkout')
}

/** Returns the provider's reference of the refund. Only the provider of the charge can refund it. */
async function refund(
  provider: PaymentProvider,
  key: string,
  owed: Static<ReturnType<typeof Type.Object<typeof Owed>>>,
): Promise<string> {
  if (owed.provider !== provider.name)
    throw new Error(
      `This process uses ${provider.name}. Refund the payment by a process that is configured for ${owed.provider}.`,
    )
  const { reference } = await provider.refund(
    { key, reference: owed.reference, amount: owed.amount },
    AbortSignal.timeout(PROVIDER_TIMEOUT_MS),
  )
  return reference
}
