import { type ParseArgsOptionsConfig, parseArgs } from 'node:util'

/** A mistake in the arguments of a command. */
export class UsageError extends Error {}

/** Returns a command's options as text, and its other arguments. Throws UsageError for an unknown option. */
export function readArguments(options: ParseArgsOptionsConfig): {
  values: Record<string, string | boolean | undefined>
  positionals: string[]
} {
  try {
    const { values, positionals } = parseArgs({ options: { ...options, help: { type: 'boolean' } }, allowPositionals: true })
    return { values: values as Record<string, string | boolean | undefined>, positionals }
  } catch (error) {
    throw new UsageError((error as Error).message.split('. ')[0])
  }
}

/** Returns the whole number of an option. Throws UsageError for another value, or for one out of range. */
export function readWhole(name: string, text: string | boolean | undefined, min: number, max: number): number {
  if (typeof text === 'string' && /^\d+$/.test(text) && Number(text) >= min && Number(text) <= max) return Number(text)
  throw new UsageError(`--${name} must be a whole number from ${min} to ${max}`)
}

/**
 * Runs a command and ends the process with its exit code. A wrong call prints one line and exits with 2. A failure exits with 1.
 */
export async function runCommand(usage: string, command: () => Promise<number>): Promise<never> {
  try {
    if (process.argv.includes('--help')) {
      console.log(usage)
      process.exit(0)
    }
    process.exit(await command())
  } catch (error) {
    const line = error instanceof Error ? error.message : String(error)
    console.error(error instanceof UsageError ? `${line}. Try --help.` : line)
    process.exit(error instanceof UsageError ? 2 : 1)
  }
}
