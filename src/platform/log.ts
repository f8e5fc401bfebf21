import pino, { type DestinationStream, type Logger } from 'pino'

/**
 * The fields of an error that the log shows. Libraries add more to theirs: commands with their arguments, headers, the rows of a
 * query.
 */
const SHOWN = ['code', 'severity', 'constraint_name', 'table_name', 'column_name', 'where', 'status']

/**
 * Creates a logger of JSON lines to stdout, or to a test's stream. It logs only the listed fields of errors, so that no secret
 * leaks.
 */
export function createLog(level: string, destination?: DestinationStream): Logger {
  const options = { level, serializers: { err: describeError } }
  return destination ? pino(options, destination) : pino(options)
}

function describeError(error: unknown): unknown {
  if (!(error instanceof Error)) return { message: String(error) }
  const facts = Object.entries(error).filter(([name]) => SHOWN.includes(name))
  const cause = error.cause === undefined ? {} : { cause: describeError(error.cause) }
  return { type: error.name, message: error.message, stack: error.stack, ...Object.fromEntries(facts), ...cause }
}
