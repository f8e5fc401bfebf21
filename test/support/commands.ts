/** Runs programs to their end, such as the project's commands. */
import { projectRoot } from '../../src/platform/project.ts'

/** The exit code and what the program printed, without spaces at its ends. */
export type Ended = { code: number; output: string; errors: string }

type Surroundings = {
  /** Override the environment. */
  variables?: Record<string, string | undefined>
  folder?: string
  /** The OS user that runs the program. */
  user?: { uid: number; gid: number } | null
  timeout_ms?: number
}

/** Runs a program. It reads an empty input. */
export async function runToEnd(command: string[], surroundings: Surroundings = {}): Promise<Ended> {
  const { variables, folder = projectRoot, user, timeout_ms } = surroundings
  const child = Bun.spawn(command, {
    cwd: folder,
    env: { ...process.env, ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...user,
    ...(timeout_ms && { timeout: timeout_ms }),
  })
  const [output, errors] = await Promise.all([new Response(child.stdout).text(), new Response(child.stderr).text()])
  return { code: await child.exited, output: output.trim(), errors: errors.trim() }
}

/** Runs a command of docs/COMMANDS.md: `bun run seed --products 1000`. */
export function runDocumented(command: string, variables: Record<string, string | undefined> = {}): Promise<Ended> {
  const [script = '', ...words] = command.replace(/^bun run /, '').split(' ')
  return runScript(script, words, variables)
}

/** Runs a script of package.json with these arguments. */
export function runScript(script: string, words: string[], variables: Record<string, string | undefined> = {}): Promise<Ended> {
  return runToEnd([process.execPath, 'run', '--silent', script, ...words], { variables })
}
