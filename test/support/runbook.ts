/** Runs the commands of docs/RUNBOOK.md unchanged, as an operator does. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'
import { runToEnd } from './commands.ts'
import { findProgram } from './requirements.ts'
import { unprivilegedUser } from './stores/os_user.ts'

const text = readFileSync(join(projectRoot, 'docs', 'RUNBOOK.md'), 'utf8')

/** Returns the code blocks of a section in this language, in their order. */
export function blocksOf(section: string, language: 'sh' | 'sql'): string[] {
  const body = text.split(/^## /m).find((part) => part.startsWith(`${section}\n`))
  if (!body) throw new Error(`docs/RUNBOOK.md has no section ${section}`)
  // All lines of a block inside a list are indented.
  const blocks = [...body.matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)]
  return blocks
    .filter((block) => block[2] === language)
    .map(([, indent, , lines]) => (lines as string).replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
}

type Place = {
  variables?: Record<string, string>
  folder?: string
  /** Runs the commands as the OS user of the test's server, so that the server owns the files that they make. */
  is_for_server?: boolean
}

/** Runs commands with bash. PostgreSQL 15's programs are on the PATH. Returns the output, or throws the errors. */
export async function follow(commands: string, { variables = {}, folder = projectRoot, is_for_server }: Place): Promise<string> {
  const programs = dirname(findProgram('postgresql-15') ?? '')
  const script = `bun() { ${JSON.stringify(process.execPath)} "$@"; }\n${commands}`
  const { code, output, errors } = await runToEnd(['bash', '-euo', 'pipefail', '-c', script], {
    folder: is_for_server ? '/' : folder,
    variables: { ...variables, PATH: `${programs}:${process.env.PATH}` },
    user: is_for_server ? unprivilegedUser() : null,
  })
  if (code !== 0) throw new Error(`${commands}\nfailed: ${output}${errors}`)
  return output
}
