/** Errors of PostgreSQL and its driver. The table in problem.ts maps them to responses. */

/** The service is overloaded, so it abandoned this request. The client can send it again. */
export class Overloaded extends Error {
  override readonly name = 'Overloaded'

  constructor() {
    super('The service is busy. Try again in a moment.')
  }
}

export type DatabaseError = Error & { code: string; detail?: string; constraint_name?: string }

/** Whether PostgreSQL or its driver raised the error. Both set a code. */
export function isDatabaseError(error: unknown): error is DatabaseError {
  return error instanceof Error && typeof (error as { code?: unknown }).code === 'string'
}

/** Whether PostgreSQL cannot be reached, or takes no more connections. */
export function isUnreachable(error: unknown): boolean {
  return isDatabaseError(error) && (/^(08|53|57P)/.test(error.code) || isConnectionLoss(error.code))
}

/** Whether the driver or the operating system gives this code for a lost connection. */
export function isConnectionLoss(code: string): boolean {
  return /^(CONNECTION_|CONNECT_|ECONN|ETIMEDOUT|EPIPE)/.test(code)
}

/** Whether a rule caused the error, or the request ran out of time. Another server or engine would fail in the same way. */
export function isFinal(error: unknown): boolean {
  return error instanceof Overloaded || (isDatabaseError(error) && error.code.startsWith('SW'))
}
