/** `bun run loadtest [suite]`: runs a k6 script of `loadtest/` against a server that is up. */
import { join } from 'node:path'
import { Glob } from 'bun'
import { readConfig } from '../config.ts'
import { projectRoot } from '../project.ts'
import { readArguments, runCommand, UsageError } from './arguments.ts'

const suites = [...new Glob('*.ts').scanSync(join(projectRoot, 'loadtest'))].map((name) => name.slice(0, -3)).sort()

const usage = `Usage: bun run loadtest [suite]

Runs loadtest/<suite>.ts with k6 (default: smoke; there is: ${suites.join(', ')}) against BASE_URL, or this machine's server on PORT.
Start that one with RATE_LIMIT_SCALE=1000000: all load comes from one address.
Exit code: k6's own, which is not 0 when a threshold is missed.`

await runCommand(usage, async () => {
  const [suite = 'smoke', ...more] = readArguments({}).positionals
  if (more.length > 0 || !suites.includes(suite)) throw new UsageError(`Name one suite: ${suites.join(', ')}`)
  const k6 = Bun.which('k6')
  if (!k6) throw new Error('k6 is not on the PATH: install it as https://grafana.com/docs/k6/latest/set-up/install-k6/ says.')
  const base_url = process.env.BASE_URL ?? `http://localhost:${readConfig(process.env).PORT}`
  const alive = await fetch(`${base_url}/livez`).catch(() => null)
  if (!alive?.ok) throw new Error(`Nothing serves on ${base_url}: start it first (bun start), or set BASE_URL.`)
  const run = Bun.spawn([k6, 'run', '--no-usage-report', '--env', `BASE_URL=${base_url}`, join('loadtest', `${suite}.ts`)], {
    cwd: projectRoot,
    stdio: ['inherit', 'inherit', 'inherit'],
  })
  return await run.exited
})
