import type { PaymentProvider } from './provider.ts'

/** Throws unless this process uses the provider that took a payment. No other provider knows the charge. */
export function refuseOther(own: PaymentProvider, provider: string): void {
  if (provider !== own.name)
    throw new Error(`This process uses ${own.name}. Refund the payment by a process that is configured for ${provider}.`)
}
