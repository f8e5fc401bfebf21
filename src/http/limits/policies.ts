/**
 * Rate limits. A policy allows `points` calls in a window of `window_s` seconds, by signed-in user or by address. An IPv6 address
 * counts as its /64, which belongs to one customer. RATE_LIMIT_SCALE multiplies the points.
 *
 * The default is 20 calls a second over a minute. No person and no script that syncs a shop comes near it. A script that copies
 * the catalog does. A seller is a user, so all scripts of a shop count together, from any address.
 */
export type Policy = { points: number; window_s: number; by: 'user' | 'address' }

export const policies = {
  /** Calls with a token. */
  user: { points: 1200, window_s: 60, by: 'user' },
  /** Anonymous calls, and calls with an invalid token. */
  address: { points: 1200, window_s: 60, by: 'address' },
  /** Each costs 35 ms of a core. Failures have tighter limits, in src/domains/users/limit_password_checks.ts. */
  sign_in: { points: 100, window_s: 300, by: 'address' },
  register: { points: 30, window_s: 3600, by: 'address' },
  /** A cart is paid once, so this bounds attempts with other cards. */
  checkout: { points: 30, window_s: 60, by: 'user' },
  /**
   * Declined cards per account. People mistype a few, but a thief tries hundreds of stolen cards. See
   * src/domains/checkout/declined_cards.ts.
   */
  declined_account: { points: 10, window_s: 3600, by: 'user' },
  /** Declined cards per address, for all accounts together. */
  declined_address: { points: 10, window_s: 3600, by: 'address' },
  /** Decoding costs time. This is ten pictures for each of twelve listings a minute. */
  upload: { points: 120, window_s: 60, by: 'user' },
  /** Each is up to two calls to Stripe, with the key of the charges. */
  payout_account: { points: 30, window_s: 60, by: 'user' },
  /** Payment providers send in bursts, from few addresses. */
  webhook: { points: 12_000, window_s: 60, by: 'address' },
  /** Wrong passwords per account and address. The owner is not locked out at another address. */
  sign_in_address: { points: 10, window_s: 300, by: 'address' },
  /** Wrong passwords per account, from all addresses without a sign-in within 30 days. */
  sign_in_account: { points: 100, window_s: 300, by: 'user' },
  /**
   * Wrong codes of a second factor after the right password, per account. Three codes of a million are valid at a time, so a thief
   * of the password needs 2.6 years for an even chance. At an address that the account used, its owner has a count of its own.
   */
  second_factor: { points: 10, window_s: 3600, by: 'user' },
  /** Wrong operator tokens per address. */
  operator_sign_in: { points: 10, window_s: 300, by: 'address' },
  /** Requests of a mail with a token. Each address has its own limit of mails, too: db/functions/mails/take_mail.sql. */
  mail_request: { points: 30, window_s: 3600, by: 'address' },
  /** Exports of all data of a person. One reads many tables. */
  export: { points: 10, window_s: 3600, by: 'user' },
  /** Password changes with the right current password. */
  password_change: { points: 10, window_s: 3600, by: 'user' },
  /** Password changes with a wrong current password, per session. */
  password_check: { points: 10, window_s: 300, by: 'user' },
} as const satisfies Record<string, Policy>

export type PolicyName = keyof typeof policies
