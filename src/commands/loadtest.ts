/** `bun run loadtest [suite] [profile]`: a k6 suite of `loadtest/`, against a stack of its own or one that is given, with a report. */
import { join } from 'node:path'
import { Glob } from 'bun'
import { PROFILES } from '../../loadtest/lib/profile_names.ts'
import { readConfig } from '../config.ts'
import { openPool } from '../db/client.ts'
import { findOrBuildK6, K6_HINT } from '../loadtest/k6.ts'
import { describeVerdicts, drawSteps, renderReport } from '../loadtest/report.ts'
import { describeCommit, describeMachine, findPrevious, keepResult, type LoadResult } from '../loadtest/results.ts'
import { runK6 } from '../loadtest/run_k6.ts'
import { type Stack, type StackOptions, startStack } from '../loadtest/stack.ts'
import { prepareStage } from '../loadtest/stage.ts'
import { openStockAudit } from '../loadtest/stock_audit.ts'
import { projectRoot } from '../project.ts'
import { readArguments, readWhole, runCommand, UsageError } from './arguments.ts'

const suites = [...new Glob('*.ts').scanSync(join(projectRoot, 'loadtest'))].map((name) => name.slice(0, -3)).sort()
const profiles: readonly string[] = PROFILES

const usage = `Usage: bun run loadtest [suite] [profile] [--rate N] [--seconds N] [--listings N] [--processes N] [--bare]

Runs a suite with k6, which it finds or, where there is Go, builds; prints what k6 prints, and writes a report beside the figures in
.data/loadtest/. Suites: ${suites.join(', ')}; mix unless one is named. Profiles: ${profiles.join(', ')}; smoke unless one is named.

  --rate N        visits a second instead of the suite's own; a stress run goes from a quarter of it to four times as many
  --seconds N     how long a load, smoke or soak run takes
  --listings N    synthetic listings instead of the shipped catalogue
  --processes N   API processes on one port
  --bare          without Redis and Elasticsearch

Starts a stack of its own on this machine. With BASE_URL it speaks to that one instead, whose database DATABASE_URL must name: people are
signed in and stock is counted there, in shops that it adds. Start that one with RATE_LIMIT_SCALE=1000000: all load comes from one address.
Exit code: 0 when every promise was kept, else 1.`

/** People in front of a flash sale. */
const CROWD = 5000

await runCommand(usage, async () => {
  const text = { type: 'string' } as const
  const options = { rate: text, seconds: text, listings: text, processes: text, bare: { type: 'boolean' } as const }
  const { values, positionals } = readArguments(options)
  const { suite, profile } = readPositionals(positionals)
  const whole = (name: keyof typeof options) =>
    values[name] === undefined ? null : readWhole(name, values[name], 1, 100_000_000)
  const variables = {
    PROFILE: profile,
    ...(values.rate ? { RATE: String(whole('rate')) } : {}),
    ...(values.seconds ? { DURATION_S: String(whole('seconds')) } : {}),
  }
  const k6 = await findOrBuildK6()
  if (!k6) throw new Error(`There is no k6: ${K6_HINT}.`)
  const stack = await openStack({
    database_url: readConfig(process.env).DATABASE_URL,
    listings: whole('listings'),
    processes: whole('processes') ?? 1,
    crowd: suite === 'flash_sale' ? CROWD : 0,
    bare: Boolean(values.bare),
    say: (line) => console.error(line),
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
  { url, sql, stage, pids, about, statements }: Stack,
  k6: string,
  suite: string,
  profile: string,
  variables: Record<string, string>,
): Promise<number> {
  const audit = await openStockAudit(
    sql,
    [...stage.goods, ...stage.rarities].map(({ id }) => id),
  )
  const began_at = new Date().toISOString()
  const { exit_code, ...run } = await runK6({ k6, suite, base_url: url, stage, variables, pids })
  const described = { commit: describeCommit(), machine: describeMachine(), about: [...about, ...describe(variables)] }
  const found = { oversold: await audit.findWrong(), statements: (await statements?.readDearest()) ?? [] }
  const result: LoadResult = { ...run, ...described, ...found, suite, profile, began_at }
  const { steps } = result.summary
  const report = renderReport(result, findPrevious(suite, profile))
  const html = keepResult(result, report, steps.length > 0 ? drawSteps(steps) : null)
  for (const line of describeVerdicts(result)) console.log(line)
  console.log(`Report: ${html}`)
  return exit_code === 0 && result.oversold.length === 0 ? 0 : 1
}

function describe({ RATE, DURATION_S }: Record<string, string>): string[] {
  return [...(RATE ? [`${RATE} visits/s`] : []), ...(DURATION_S ? [`${DURATION_S} s`] : [])]
}

/** What is given, or a stack of its own. */
async function openStack(options: StackOptions): Promise<Stack> {
  const url = process.env.BASE_URL?.replace(/\/+$/, '')
  if (!url) return await startStack(options)
  if (!options.database_url) throw new Error('Set DATABASE_URL, too: to the database of the service on BASE_URL.')
  const alive = await fetch(`${url}/livez`).catch(() => null)
  if (!alive?.ok) throw new Error(`Nothing serves on ${url}: start it first (bun start), or leave BASE_URL out.`)
  const sql = openPool(options.database_url, { max: 2, name: 'stallwright loadtest', statement_timeout_ms: 0 })
  const stop = () => sql.end({ timeout: 5 })
  try {
    return { url, sql, stage: await prepareStage(sql, options), pids: new Map(), about: [url], statements: null, stop }
  } catch (error) {
    await stop()
    throw error
  }
}
