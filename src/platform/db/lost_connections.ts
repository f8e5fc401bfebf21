import { isUnreachable } from '../database_errors.ts'

/**
 * Keeps the process alive if an idle connection to PostgreSQL is lost. postgres.js queries each new connection for the types of
 * arrays, and does not handle an error of that query: a lost connection, a timeout or, on a replica, a conflict with the replay.
 * A statement on the connection still gets its error. Any other unhandled rejection ends the process as usual.
 */
export function surviveLostConnections(): void {
  process.on('unhandledRejection', (reason) => {
    if (isUnreachable(reason) || isGivenUp(reason)) return
    console.error(reason)
    process.exit(1)
  })
}

/** Whether PostgreSQL ended a statement for its timeout, or for a conflict with the replay on a replica. */
function isGivenUp(reason: unknown): boolean {
  return reason instanceof Error && 'code' in reason && (reason.code === '57014' || reason.code === '40001')
}
