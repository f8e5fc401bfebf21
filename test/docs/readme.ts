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

/** Documented commands that do not run in a fresh copy of the tree, and the file that runs each of them. */
export const RUN_ELSEWHERE = {
  'bun run test': '.ci/run',
  'bun run test:all': '.ci/run',
  'bun run check': '.ci/run',
  // prove.slow.test.ts runs every proof with a tenth of its counts.
  'bun run prove': 'test/faults/prove.slow.test.ts',
  'bun run bench': 'bench/run.slow.test.ts',
  'bun run relevance': 'bench/relevance/run.slow.test.ts',
  'bun run loadtest': 'loadtest/runner/run.slow.test.ts',
  'bun run loadtest replay --limit 200': 'loadtest/runner/replay.test.ts',
}

/** The text of a file of the project. */
export function readFile(name: string): string {
  return readFileSync(join(projectRoot, name), 'utf8')
}
