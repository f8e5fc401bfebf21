import { tracingChannel } from 'node:diagnostics_channel'
import type { Span } from '@opentelemetry/api'
import { failSpan, startClientSpan } from './trace.ts'

/** What ioredis says of a command, on a channel of its own. */
type Command = { command: string; serverAddress: string; serverPort: number | undefined; error?: unknown; span?: Span | null }

/** Makes each command to Redis a span. Its arguments hold keys and values, so they are left out. Answers what ends that. */
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
