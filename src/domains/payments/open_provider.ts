import type { Config } from '../../platform/config.ts'
import type { PaymentProvider } from './provider.ts'
import { openSimulatedProvider } from './simulated.ts'
import { openActionPages } from './simulated_actions.ts'
import { openSimulatedClient } from './simulated_client.ts'

/** The configured provider: Stripe, a simulated one in its own process, or one in this process. */
export async function openProvider(config: Config, installation: Uint8Array): Promise<PaymentProvider> {
  const { STRIPE_SECRET_KEY: secret_key, SIMULATED_PAYMENTS_URL: url } = config
  if (secret_key && url) throw new Error('Bad configuration: set STRIPE_SECRET_KEY or SIMULATED_PAYMENTS_URL, not both.')
  if (secret_key && config.PAYMENTS) throw new Error('Bad configuration: set STRIPE_SECRET_KEY or PAYMENTS=simulated, not both.')
  refuseOtherPayouts(config)
  const base_url = config.PUBLIC_URL?.replace(/\/+$/, '') ?? `http://localhost:${config.PORT}`
  const pages = openActionPages(installation, base_url)
  if (url) return openSimulatedClient(url, listSecrets(config.SIMULATED_WEBHOOK_SECRETS), pages)
  if (!secret_key) return openSimulatedProvider(pages)
  // Loads the SDK only if it is used.
  const { openStripeProvider } = await import('./stripe.ts')
  return openStripeProvider({
    secret_key,
    webhook_secrets: listSecrets(config.STRIPE_WEBHOOK_SECRETS),
    installation: Buffer.from(installation).toString('hex'),
    api_url: config.STRIPE_API_URL,
    base_url,
  })
}

/** One account takes the payments and sends the payouts, so their providers go together. An operator can always pay by hand. */
function refuseOtherPayouts({ PAYOUT_PROVIDER, STRIPE_SECRET_KEY }: Config): void {
  if (PAYOUT_PROVIDER === 'stripe' && !STRIPE_SECRET_KEY)
    throw new Error('Bad configuration: PAYOUT_PROVIDER=stripe needs STRIPE_SECRET_KEY.')
  if (PAYOUT_PROVIDER === 'simulated' && STRIPE_SECRET_KEY)
    throw new Error('Bad configuration: PAYOUT_PROVIDER=simulated needs the simulated payments. Set stripe or manual.')
}

/** Several secrets are valid during a rotation. */
function listSecrets(text: string | undefined): string[] {
  return (text ?? '')
    .split(',')
    .map((secret) => secret.trim())
    .filter((secret) => secret !== '')
}
