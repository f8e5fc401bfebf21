import { expect, test } from 'bun:test'
import { readConfig } from '../../platform/config.ts'
import { openProvider } from './open_provider.ts'

const open = (variables: Record<string, string>) =>
  openProvider(readConfig(variables), new Uint8Array(16)).then(
    ({ payouts }) => payouts.name,
    (error: Error) => error.message,
  )
const KEY = { STRIPE_SECRET_KEY: 'sk_test_1' }

test.each([
  [{}, 'simulated'],
  [{ PAYOUT_PROVIDER: 'simulated' }, 'simulated'],
  [KEY, 'stripe'],
  [{ ...KEY, PAYOUT_PROVIDER: 'stripe' }, 'stripe'],
  // An operator pays the next payouts by hand, and the provider of the payments ends those that it began.
  [{ ...KEY, PAYOUT_PROVIDER: 'manual' }, 'stripe'],
  [{ PAYOUT_PROVIDER: 'stripe' }, 'Bad configuration: PAYOUT_PROVIDER=stripe needs STRIPE_SECRET_KEY.'],
  [
    { ...KEY, PAYOUT_PROVIDER: 'simulated' },
    'Bad configuration: PAYOUT_PROVIDER=simulated needs the simulated payments. Set stripe or manual.',
  ],
])('payouts go by the provider of the payments: %p', async (variables, expected) => {
  expect(await open(variables as Record<string, string>)).toBe(expected)
})
