import { isUnreachable } from './errors.ts'

/**
 * Lets the process live when a connection to PostgreSQL is lost that nobody waits for. postgres.js asks each new connection for
 * the types of arrays by itself and listens to no error of that, nor to its end by a timeout or, on a replica, by what it replays; whoever waits
 * for a statement on it hears of the loss anyway.
 * Whatever else nobody has caught ends the process, as it would without this.
 */
export function surviveLostConnections(): void {
  process.on('unhandledRejection', (reason) => {
    if (isUnreachable(reason) || isGivenUp(reason)) return
    console.error(reason)
    process.exit(1)
  })
}

/** Whether PostgreSQL has ended a statement for its time, or for what a replica had to replay. */
function isGivenUp(reason: unknown): boolean {
  return reason instanceof Error && 'code' in reason && (reason.code === '57014' || reason.code === '40001')
}
