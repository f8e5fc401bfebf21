import { inClientSpan } from '../../platform/tracing/trace.ts'
import type { PaymentProvider } from './provider.ts'

/** Wraps a provider so that each call is a span. */
export function traceProvider(provider: PaymentProvider): PaymentProvider {
  const inSpan = <T>(call: string, about: Record<string, string | number>, run: () => Promise<T>) =>
    inClientSpan(`${call} ${provider.name}`, { 'stallwright.payment.provider': provider.name, ...about }, run)
  return {
    ...provider,
    charge: (charge, signal) =>
      inSpan('charge', { 'stallwright.checkout_id': charge.checkout_id }, () => provider.charge(charge, signal)),
    find: (query, signal) => inSpan('find', { 'stallwright.checkout_id': query.checkout_id }, () => provider.find(query, signal)),
    cancel: (query, signal) =>
      inSpan('cancel', { 'stallwright.checkout_id': query.checkout_id }, () => provider.cancel(query, signal)),
    refund: (refund, signal) => inSpan('refund', { 'stallwright.refund_key': refund.key }, () => provider.refund(refund, signal)),
    listFollowUps: (filter, signal) => inSpan('list_follow_ups', {}, () => provider.listFollowUps(filter, signal)),
  }
}
