/** docs/RUNBOOK.md as somebody follows it: its commands are run as they stand there. */
import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'
import { findProgram } from './requirements.ts'
import { unprivilegedUser } from './stores/os_user.ts'

const text = readFileSync(join(projectRoot, 'docs', 'RUNBOOK.md'), 'utf8')

/** The code blocks of a section, in their order. */
export function blocksOf(section: string, language: 'sh' | 'sql'): string[] {
  const body = text.split(/^## /m).find((part) => part.startsWith(`${section}\n`))
  if (!body) throw new Error(`docs/RUNBOOK.md has no section ${section}`)
  // A block of a list is indented, and so is each of its lines.
  const blocks = [...body.matchAll(/^( *)```(\w+)\n([\s\S]*?)^\1```$/gm)]
  return blocks
    .filter((block) => block[2] === language)
    .map(([, indent, , lines]) => (lines as string).replaceAll(new RegExp(`^${indent}`, 'gm'), ''))
}

type Place = {
  variables?: Record<string, string>
  folder?: string
  /** As the OS user that the server of a test runs as: what is made here is the server's. */
  is_for_server?: boolean
}

/** Runs commands by bash with PostgreSQL 15's programs; returns what they printed, or throws what they complained of. */
export async function follow(commands: string, { variables = {}, folder = projectRoot, is_for_server }: Place): Promise<string> {
  const programs = dirname(findProgram('postgresql-15') ?? '')
  const script = `bun() { ${JSON.stringify(process.execPath)} "$@"; }\n${commands}`
  const child = Bun.spawn(['bash', '-euo', 'pipefail', '-c', script], {
    cwd: is_for_server ? '/' : folder,
    env: { ...process.env, ...variables, PATH: `${programs}:${process.env.PATH}` },
    stdio: ['ignore', 'pipe', 'pipe'],
    ...(is_for_server ? unprivilegedUser() : {}),
  })
  const [output, errors, code] = await Promise.all([
    new Response(child.stdout).text(),
    new Response(child.stderr).text(),
    child.exited,
  ])
  if (code !== 0) throw new Error(`${commands}\nfailed: ${output}${errors}`)
  return output
}
