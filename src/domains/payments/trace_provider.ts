import { inClientSpan } from '../../platform/tracing/trace.ts'
import type { PayoutProvider } from '../payouts/provider.ts'
import type { PaymentProvider } from './provider.ts'

type InSpan = <T>(call: string, about: Record<string, string | number>, run: () => Promise<T>) => Promise<T>

/** Wraps a provider so that each call is a span. */
export function traceProvider(provider: PaymentProvider): PaymentProvider {
  const inSpan: InSpan = (call, about, run) =>
    inClientSpan(`${call} ${provider.name}`, { 'stallwright.payment.provider': provider.name, ...about }, run)
  return {
    ...provider,
    payouts: tracePayouts(provider.payouts, inSpan),
    charge: (charge, signal) =>
      inSpan('charge', { 'stallwright.checkout_id': charge.checkout_id }, () => provider.charge(charge, signal)),
    find: (query, signal) => inSpan('find', { 'stallwright.checkout_id': query.checkout_id }, () => provider.find(query, signal)),
    cancel: (query, signal) =>
      inSpan('cancel', { 'stallwright.checkout_id': query.checkout_id }, () => provider.cancel(query, signal)),
    refund: (refund, signal) => inSpan('refund', { 'stallwright.refund_key': refund.key }, () => provider.refund(refund, signal)),
    listFollowUps: (filter, signal) => inSpan('list_follow_ups', {}, () => provider.listFollowUps(filter, signal)),
  }
}

function tracePayouts(payouts: PayoutProvider, inSpan: InSpan): PayoutProvider {
  const { listBooks } = payouts
  const about = ({ key }: { key: string }) => ({ 'stallwright.payout_key': key })
  return {
    ...payouts,
    openAccount: (account, signal) =>
      inSpan('open_account', { 'stallwright.shop_id': account.shop_id }, () => payouts.openAccount(account, signal)),
    transfer: (order, signal) => inSpan('transfer', about(order), () => payouts.transfer(order, signal)),
    reverse: (order, signal) => inSpan('reverse', about(order), () => payouts.reverse(order, signal)),
    pay: (order, signal) => inSpan('pay', about(order), () => payouts.pay(order, signal)),
    findTransfer: (order, signal) => inSpan('find_transfer', about(order), () => payouts.findTransfer(order, signal)),
    findPayout: (order, signal) => inSpan('find_payout', about(order), () => payouts.findPayout(order, signal)),
    ...(listBooks && { listBooks: (filter, signal) => inSpan('list_books', {}, () => listBooks(filter, signal)) }),
  }
}
