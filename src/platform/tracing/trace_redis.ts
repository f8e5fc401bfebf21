import { tracingChannel } from 'node:diagnostics_channel'
import type { Span } from '@opentelemetry/api'
import { failSpan, startClientSpan } from './trace.ts'

/** The event that ioredis publishes about a command. */
type Command = { command: string; serverAddress: string; serverPort: number | undefined; error?: unknown; span?: Span | null }

/**
 * Makes each command to Redis a span, without its arguments, which contain keys and values. Returns a function that stops this.
 */
export function traceRedis(): () => void {
  const channel = tracingChannel<Command>('ioredis:command')
  const listener = {
    start: (command: Command) => {
      command.span = startClientSpan(command.command.toUpperCase(), {
        'db.system.name': 'redis',
        'db.operation.name': command.command.toUpperCase(),
        'server.address': command.serverAddress,
        ...(command.serverPort && { 'server.port': command.serverPort }),
      })
    },
    error: ({ span, error }: Command) => failSpan(span ?? undefined, error),
    asyncStart: () => {},
    asyncEnd: ({ span }: Command) => span?.end(),
    end: () => {},
  }
  channel.subscribe(listener)
  return () => void channel.unsubscribe(listener)
}
