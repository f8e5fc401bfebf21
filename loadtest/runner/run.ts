/** `bun run loadtest [suite] [profile]`: runs a k6 suite of `loadtest/` on a new stack or a given service. Writes a report. */
import { join } from 'node:path'
import { Glob } from 'bun'
import { readArguments, readWhole, runCommand, UsageError } from '../../src/platform/arguments.ts'
import { readConfig } from '../../src/platform/config.ts'
import { projectRoot } from '../../src/platform/project.ts'
import { compareStock, readStock } from '../../test/support/stock.ts'
import { PROFILES } from '../lib/profile_names.ts'
import { cleanUpAll } from './clean_up.ts'
import { openDeployment } from './deployment.ts'
import { findOrBuildK6, K6_HINT } from './k6.ts'
import { replay } from './replay.ts'
import { describeVerdicts, drawSteps, renderReport } from './report.ts'
import { describeCommit, describeMachine, findPrevious, keepResult, type LoadResult } from './results.ts'
import { runK6 } from './run_k6.ts'
import { type Stack, startStack } from './stack.ts'

const suites = [...new Glob('*.ts').scanSync(join(projectRoot, 'loadtest'))].map((name) => name.slice(0, -3)).sort()
const profiles: readonly string[] = PROFILES

const usage = `Usage: bun run loadtest [suite] [profile] [--rate N] [--seconds N] [--listings N] [--processes N]
       bun run loadtest replay [--max-lines 12] [--limit N] [--concurrency 16]
       bun run loadtest --clean-up

Runs a suite with k6 and writes figures and a report into .data/loadtest/. k6 is K6_PATH or the k6 of the PATH, or Go
builds it.
Suites: ${suites.join(', ')} (default: mix). Profiles: ${profiles.join(', ')} (default: smoke).

  --rate N        visits a second instead of the suite's own. A stress run goes from a quarter of it to four times as many.
  --seconds N     duration of a load, smoke or soak run
  --listings N    synthetic listings instead of the shipped catalog
  --processes N   API processes on one port
  --clean-up      runs no suite; removes the rows of earlier runs from the database of DATABASE_URL

The command starts a stack on this machine, which takes one to three minutes, and removes it in the end.

With BASE_URL the command loads the service there instead. DATABASE_URL must name the database of that service, with a login
that may write people and listings: that of stallwright_migrator, or the only login if there are no roles. Start the service
with RATE_LIMIT_SCALE=1000000, because all load comes from one address. The run adds people, shops and listings. When it ends,
also by Ctrl-C, it archives its listings, signs its people out, and deletes people who bought and sold nothing. Its orders,
their buyers and its shops stay, and its views and searches count. A killed run leaves its listings: --clean-up archives them.
Exit code: 0 if no promise was missed, otherwise 1.

replay needs no k6: it sends the first N shipped real baskets with at most --max-lines lines as carts and checkouts,
--concurrency at a time, on a database and a server of its own. The stock of each product is nine tenths of its quantity in the
baskets.
Exit code: 0 if every product adds up (initial = left + sold) and no call failed, otherwise 1.`

/** Buyers of a flash sale. */
const CROWD = 5000
const say = (line: string) => console.error(line)

await runCommand(usage, async () => {
  const text = { type: 'string' } as const
  const flag = { type: 'boolean' } as const
  const replayed = { 'max-lines': text, limit: text, concurrency: text }
  const options = { rate: text, seconds: text, listings: text, processes: text, 'clean-up': flag, ...replayed }
  const { values, positionals } = readArguments(options)
  const whole = (name: keyof typeof options) =>
    values[name] === undefined ? null : readWhole(name, values[name], 1, 100_000_000)
  const database_url = readConfig(process.env).DATABASE_URL
  if (positionals.join(' ') === 'replay')
    return await replay({
      database_url,
      max_lines: whole('max-lines') ?? 12,
      limit: whole('limit') ?? Number.POSITIVE_INFINITY,
      concurrency: whole('concurrency') ?? 16,
    })
  const { suite, profile } = readPositionals(positionals)
  if (values['clean-up']) return await cleanUpAll(database_url, say)
  const variables = {
    PROFILE: profile,
    ...(values.rate ? { RATE: String(whole('rate')) } : {}),
    ...(values.seconds ? { DURATION_S: String(whole('seconds')) } : {}),
  }
  const k6 = await findOrBuildK6()
  const { K6_PATH } = process.env
  if (!k6) throw new Error(K6_PATH ? `K6_PATH names ${K6_PATH}, which is not there.` : `There is no k6: ${K6_HINT}.`)
  const crowd = suite === 'flash_sale' ? CROWD : 0
  const url = process.env.BASE_URL?.replace(/\/+$/, '')
  const stack = url
    ? await openDeployment({ url, database_url, crowd, say })
    : await startStack({
        database_url,
        listings: whole('listings'),
        processes: whole('processes') ?? 1,
        crowd,
        say,
      })
  try {
    return await measure(stack, k6, suite, profile, variables)
  } finally {
    await stack.stop()
  }
})

function readPositionals(positionals: string[]): { suite: string; profile: string } {
  const unknown = positionals.find((word) => !suites.includes(word) && !profiles.includes(word))
  if (unknown !== undefined) throw new UsageError(`There is no suite or profile "${unknown}"`)
  const [suite = 'mix', ...more_suites] = positionals.filter((word) => suites.includes(word))
  const [profile = 'smoke', ...more_profiles] = positionals.filter((word) => profiles.includes(word))
  if (more_suites.length + more_profiles.length > 0) throw new UsageError('Name one suite and one profile')
  return { suite, profile }
}

async function measure(
  { url, sql, stage, watched, about, target, statements }: Stack,
  k6: string,
  suite: string,
  profile: string,
  variables: Record<string, string>,
): Promise<number> {
  const ids = [...stage.goods, ...stage.rarities].map(({ id }) => id)
  const stock = await readStock(sql, ids)
  const began_at = new Date().toISOString()
  const { exit_code, ...run } = await runK6({ k6, suite, base_url: url, stage, variables, watched })
  const described = { commit: describeCommit(), machine: describeMachine(), about: [...about, ...describe(variables)] }
  const found = { oversold: compareStock(stock, await readStock(sql, ids)), statements: (await statements?.readDearest()) ?? [] }
  const result: LoadResult = { ...run, ...described, ...found, suite, profile, target, began_at }
  const { steps } = result.summary
  const report = renderReport(result, findPrevious(result))
  const html = keepResult(result, report, steps.length > 0 ? drawSteps(steps) : null)
  for (const line of describeVerdicts(result)) console.log(line)
  console.log(`Report: ${html}`)
  return exit_code === 0 && result.oversold.length === 0 ? 0 : 1
}

function describe({ RATE, DURATION_S }: Record<string, string>): string[] {
  return [...(RATE ? [`${RATE} visits/s`] : []), ...(DURATION_S ? [`${DURATION_S} s`] : [])]
}
