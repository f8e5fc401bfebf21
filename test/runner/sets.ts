/** The sets of test files that a run takes. The name and the text of a file select its sets, so every file is in a set. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Glob } from 'bun'
import { projectRoot } from '../../src/platform/project.ts'

/** `bun run test` leaves out files whose names end in this: they take more than about 15 s on two free cores. */
const SLOW = '.slow.test.ts'
/** The paths of the tests of SQL begin so. These tests also run on PostgreSQL 15. */
const DATABASE_TESTS = ['db/', 'src/platform/db/', 'src/deploy/', 'src/commands/check/', 'test/docs/runbook']

const is_fast = (name: string) => !name.endsWith(SLOW)

const all = [...new Glob('**/*.test.ts').scanSync(projectRoot)].filter((name) => !name.includes('node_modules/')).sort()

export const sets = {
  fast: all.filter(is_fast),
  slow: all.filter((name) => !is_fast(name)),
  /** The fast tests that call the shared server. They run once with each runtime as that server. */
  http: all.filter((name) => is_fast(name) && /\b(startServer|makeSeller)\(/.test(readFileSync(join(projectRoot, name), 'utf8'))),
  database: all.filter((name) => DATABASE_TESTS.some((start) => name.startsWith(start))),
}
