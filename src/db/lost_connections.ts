import { isUnreachable } from '../problem.ts'

/**
 * Lets the process live when a connection to PostgreSQL is lost that nobody waits for. postgres.js asks each new connection for
 * the types of arrays by itself and listens to no error of that; whoever waits for a statement on it hears of the loss anyway.
 * Whatever else nobody has caught ends the process, as it would without this.
 */
export function surviveLostConnections(): void {
  process.on('unhandledRejection', (reason) => {
    if (isUnreachable(reason)) return
    console.error(reason)
    process.exit(1)
  })
}
