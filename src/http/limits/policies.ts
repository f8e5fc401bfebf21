/**
 * Who may ask how often. A policy counts `points` calls in a window of `window_s` seconds, by signed-in user or by address
 * (an IPv6 address counts as its /64, which is one customer's). RATE_LIMIT_SCALE multiplies the points.
 *
 * The defaults are 20 calls a second for minutes on end: no person and no script that syncs a shop comes near, one that
 * copies the catalogue does. A seller is a user, so what a shop's scripts do is counted together, from wherever they come.
 */
export type Policy = { points: number; window_s: number; by: 'user' | 'address' }

export const policies = {
  /** Calls with a token. */
  user: { points: 1200, window_s: 60, by: 'user' },
  /** Calls without one, and those whose token is none. */
  address: { points: 1200, window_s: 60, by: 'address' },
  /** Each costs 35 ms of a core; failures are counted more tightly, in src/domains/sessions/sign_in_limit.ts. */
  sign_in: { points: 100, window_s: 300, by: 'address' },
  register: { points: 30, window_s: 3600, by: 'address' },
  /** A cart is paid once; trying other cards is what is bounded here. */
  checkout: { points: 30, window_s: 60, by: 'user' },
  /** Declined cards of one account. People mistype a few; who has a list of stolen cards tries hundreds. See src/domains/checkout/declined_cards.ts. */
  declined_account: { points: 10, window_s: 3600, by: 'user' },
  /** Declined cards from one address, whoever has them. */
  declined_address: { points: 10, window_s: 3600, by: 'address' },
  /** Pictures are decoded: ten of a listing, twelve listings a minute. */
  upload: { points: 120, window_s: 60, by: 'user' },
  /** Payment providers send in bursts, from few addresses. */
  webhook: { points: 12_000, window_s: 60, by: 'address' },
  /** Wrong passwords for one account from one address; its owner elsewhere is not locked out. */
  sign_in_address: { points: 10, window_s: 300, by: 'address' },
  /** Wrong passwords for one account from anywhere but the addresses from which it signed in within 30 days. */
  sign_in_account: { points: 100, window_s: 300, by: 'user' },
  /** Wrong operator tokens from one address. */
  operator_sign_in: { points: 10, window_s: 300, by: 'address' },
  /** Changes of the password, each with the right current one. A person changes it once in a while. */
  password_change: { points: 10, window_s: 3600, by: 'user' },
  /** Wrong current passwords of one session, where it changes the password. */
  password_check: { points: 10, window_s: 300, by: 'user' },
} as const satisfies Record<string, Policy>

export type PolicyName = keyof typeof policies
