import type { QueueOptions } from 'pg-boss'

/**
 * Every queue with its retries. A job that fails for good goes to `dead_letters` for operators. A dead worker blocks its jobs for
 * expireInSeconds.
 */
export const queues = {
  // More than a day, because a mail server can be away for a night.
  send_mails: { retryLimit: 40, retryDelay: 5, retryBackoff: true, retryDelayMax: 3600, expireInSeconds: 60 },
  settle_checkout: { retryLimit: 30, retryDelay: 2, retryBackoff: true, retryDelayMax: 60, expireInSeconds: 15 },
  refund_payment: { retryLimit: 30, retryDelay: 5, retryBackoff: true, retryDelayMax: 600, expireInSeconds: 60 },
  refund_late_charge: { retryLimit: 30, retryDelay: 5, retryBackoff: true, retryDelayMax: 600, expireInSeconds: 60 },
  expire_reservations: { retryLimit: 0, expireInSeconds: 60 },
  reconcile_payments: { retryLimit: 0, expireInSeconds: 60 },
  reconcile_provider: { retryLimit: 8, retryDelay: 30, retryBackoff: true, retryDelayMax: 600, expireInSeconds: 300 },
  forget_expired: { retryLimit: 0, expireInSeconds: 600 },
  mark_late_orders: { retryLimit: 0, expireInSeconds: 600 },
  turn_vacations: { retryLimit: 0, expireInSeconds: 60 },
  rebuild_popularity: { retryLimit: 0, expireInSeconds: 600 },
  rebuild_statistics: { retryLimit: 0, expireInSeconds: 3600 },
  erase_user: { retryLimit: 20, retryDelay: 5, retryBackoff: true, retryDelayMax: 3600, expireInSeconds: 3600 },
  // A payout in transit waits for its outcome; the provider is asked again for a day.
  send_payout: { retryLimit: 40, retryDelay: 5, retryBackoff: true, retryDelayMax: 3600, expireInSeconds: 60 },
  reconcile_payouts: { retryLimit: 0, expireInSeconds: 60 },
  release_earnings: { retryLimit: 0, expireInSeconds: 600 },
  plan_payouts: { retryLimit: 0, expireInSeconds: 600 },
  remove_pictures: { retryLimit: 0, expireInSeconds: 3600 },
  rebuild_neighbors: { retryLimit: 0, expireInSeconds: 3600 },
} satisfies Record<string, QueueOptions>

export type QueueName = keyof typeof queues

/** The jobs that each worker also sends at its start, so that a refund or payout that has lost its job gets a new one at once. */
export const SENT_AT_START = ['reconcile_payments', 'reconcile_payouts'] as const satisfies QueueName[]

/** The queue of jobs that failed for good, kept for 90 days. */
export const DEAD_LETTERS = 'dead_letters'
export const DEAD_LETTER_OPTIONS: QueueOptions = { retentionSeconds: 90 * 24 * 3600, deleteAfterSeconds: 90 * 24 * 3600 }
