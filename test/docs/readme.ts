/** README's commands, as its tests read and run them. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'

export const readme = readFile('README.md')
const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```$/gm)].map((match) => match[1] ?? '')
export const [startCommand = '', testCommand = '', ...tour] = blocks

/** The first column of a table of commands. */
export function commandsOf(text: string): string[] {
  return [...text.matchAll(/^\| `(bun run [^`]+)` \|/gm)].map((match) => match[1] ?? '')
}

/** The text of a file of the project. */
export function readFile(name: string): string {
  return readFileSync(join(projectRoot, name), 'utf8')
}
