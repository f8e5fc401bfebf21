/** The programs that some tests need besides Bun. A missing program is always reported, so that no test is skipped silently. */
import { spawnSync } from 'node:child_process'
import { accessSync, appendFileSync, constants } from 'node:fs'
import { delimiter, join, relative } from 'node:path'
import { semver } from 'bun'
import { findK6, K6_HINT } from '../../loadtest/runner/k6.ts'
import { projectRoot } from '../../src/platform/project.ts'
import { hasRuntime, RUNTIMES_HINT } from './runtimes.ts'
import { keptClientGenerators } from './stores/client_generators_install.ts'
import { ELASTICSEARCH_HINT, hasElasticsearch } from './stores/elasticsearch.ts'
import { keptSchemathesis } from './stores/schemathesis_venv.ts'

/** `kept` returns the path where an earlier run has put the program. */
type Wanted = { variable: string; names: string[]; install: string; kept?: () => string }

const programs = {
  chromium: {
    variable: 'CHROMIUM_PATH',
    names: ['chromium', 'chromium-browser', 'google-chrome', 'google-chrome-stable'],
    install: 'apt install chromium',
  },
  'stripe-mock': {
    variable: 'STRIPE_MOCK_PATH',
    names: ['stripe-mock'],
    install: 'go install github.com/stripe/stripe-mock@latest',
  },
  // Debian keeps the server's programs out of the PATH. This path is relative to /usr/bin.
  'postgresql-15': {
    variable: 'PG_CTL_15_PATH',
    names: ['../lib/postgresql/15/bin/pg_ctl'],
    install: 'apt install postgresql-15',
  },
  haproxy: { variable: 'HAPROXY_PATH', names: ['haproxy'], install: 'apt install haproxy' },
  pgbouncer: { variable: 'PGBOUNCER_PATH', names: ['pgbouncer', '../sbin/pgbouncer'], install: 'apt install pgbouncer' },
  promtool: { variable: 'PROMTOOL_PATH', names: ['promtool'], install: 'apt install prometheus' },
  'redis-server': { variable: 'REDIS_SERVER_PATH', names: ['redis-server'], install: 'apt install redis-server' },
  schemathesis: {
    variable: 'SCHEMATHESIS_PATH',
    names: ['schemathesis'],
    install: 'pip install -r test/support/schemathesis/requirements.txt (Python 3.11 or newer)',
    kept: keptSchemathesis,
  },
  'openapi-generator': {
    variable: 'OPENAPI_GENERATOR_PATH',
    names: [],
    install: 'apt install maven openjdk-17-jdk-headless python3-venv, then bun run test fetches it',
    kept: keptClientGenerators,
  },
  go: { variable: 'GO_PATH', names: ['go'], install: 'Go 1.21 or newer, from https://go.dev/dl' },
  javac: { variable: 'JAVAC_PATH', names: ['javac'], install: 'apt install openjdk-17-jdk-headless' },
} satisfies Record<string, Wanted>

/** A program that a test runs by its path. */
export type Program = keyof typeof programs
export type Requirement = Program | 'elasticsearch' | 'k6' | 'deno' | 'pgbouncer-1.21'

/**
 * CI does not fail if these are missing, because no registry that CI installs from has them. The test command lists them all
 * the same. Debian 12 has PgBouncer 1.18, which the service refuses. Debian 13 has 1.24.
 */
export const excused: ReadonlySet<string> = new Set<Requirement>(['pgbouncer-1.21'])

const PGBOUNCER_1_21_HINT =
  'PgBouncer 1.21 or newer, of Debian 13 or from https://apt.postgresql.org; PGBOUNCER_PATH says where it is if it is not ' +
  'the one on PATH'

const missing = new Set<string>()

/**
 * Returns whether the requirement is installed. Appends a missing one and the name of the test file to the file of
 * STALLWRIGHT_MISSING_FILE, as a line of JSON. The test command lists these lines at its end. Without the variable, writes to
 * stderr.
 */
export function requires(requirement: Requirement): boolean {
  if (isThere(requirement)) return true
  reportMissing(requirement)
  return false
}

/** Reports a missing requirement. `requires` calls it, and the test command calls it for a requirement that it cannot install. */
export function reportMissing(requirement: Requirement): void {
  const file = relative(projectRoot, Bun.main)
  if (missing.has(`${requirement} ${file}`)) return
  missing.add(`${requirement} ${file}`)
  const line = `${requirement}: ${hintFor(requirement)}`
  const { STALLWRIGHT_MISSING_FILE } = process.env
  if (STALLWRIGHT_MISSING_FILE) appendFileSync(STALLWRIGHT_MISSING_FILE, `${JSON.stringify({ file, line })}\n`)
  else console.error(`Not tested, because it is missing: ${line}`)
}

function isThere(requirement: Requirement): boolean {
  if (requirement === 'elasticsearch') return hasElasticsearch()
  if (requirement === 'deno') return hasRuntime('deno')
  if (requirement === 'pgbouncer-1.21') return keepsStatements()
  return (requirement === 'k6' ? findK6() : findProgram(requirement)) !== null
}

function hintFor(requirement: Requirement): string {
  if (requirement === 'elasticsearch') return ELASTICSEARCH_HINT
  if (requirement === 'deno') return RUNTIMES_HINT
  if (requirement === 'pgbouncer-1.21') return PGBOUNCER_1_21_HINT
  return requirement === 'k6' ? K6_HINT : programs[requirement].install
}

/** Returns whether there is a PgBouncer with support for prepared statements (1.21 or later). */
function keepsStatements(): boolean {
  const path = findProgram('pgbouncer')
  const said = path ? spawnSync(path, ['--version'], { encoding: 'utf8' }).stdout : ''
  return semver.satisfies(/^PgBouncer (\S+)/.exec(said)?.[1] ?? '0.0.0', '>=1.21.0')
}

/**
 * Returns the path of the program: from its variable, or else the first of its names on PATH, or else the kept one. Returns null
 * if none is executable.
 */
export function findProgram(program: Program): string | null {
  const { variable, names, kept }: Wanted = programs[program]
  const given = process.env[variable]
  const folders = (process.env.PATH ?? '').split(delimiter)
  const found = names.flatMap((name) => folders.map((folder) => join(folder, name)))
  const candidates = given ? [given] : [...found, ...(kept ? [kept()] : [])]
  return candidates.find(isExecutable) ?? null
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK)
    return true
  } catch {
    return false
  }
}
