import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../../src/platform/project.ts'
import { type ProcessSeries, type Watched, watchProcesses } from './processes.ts'
import { readRecording, type Tick } from './recording.ts'
import type { Stage } from './stage.ts'
import { readSummary, type Summary } from './summary.ts'

export type K6Run = { exit_code: number; seconds: number; summary: Summary; ticks: Tick[]; processes: ProcessSeries[] }

type Load = {
  k6: string
  suite: string
  base_url: string
  stage: Stage
  /** RATE, DURATION_S, PROFILE and other variables of the suite. */
  variables: Record<string, string>
  watched: Watched
}

const SAY_EVERY_MS = 30_000
const SIGNALS = ['SIGINT', 'SIGTERM'] as const

/**
 * Runs a suite of `loadtest/`, prints the output of k6, and reads its figures. SIGINT and SIGTERM end the suite early. The result
 * then has the figures so far.
 */
export async function runK6({ k6, suite, base_url, stage, variables, watched }: Load): Promise<K6Run> {
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-loadtest-'))
  const [stage_file, summary_file, recording_file] = ['stage', 'summary', 'recording'].map((name) => join(folder, `${name}.json`))
  try {
    writeFileSync(stage_file ?? '', JSON.stringify(stage))
    const environment = { ...variables, BASE_URL: base_url, STAGE: stage_file ?? '' }
    const given = Object.entries(environment).flatMap(([name, value]) => ['--env', `${name}=${value}`])
    const outputs = [
      '--out',
      `web-dashboard=port=-1&period=1s&tag=name&record=${recording_file}`,
      '--summary-export',
      summary_file ?? '',
    ]
    const began = performance.now()
    const elapsed_s = () => (performance.now() - began) / 1000
    // Without a terminal k6 prints seven lines of progress a second.
    const is_quiet = !process.stdout.isTTY
    const options = ['--no-usage-report', ...(is_quiet ? ['--quiet'] : [])]
    const child = Bun.spawn([k6, 'run', ...options, ...outputs, ...given, join('loadtest', `${suite}.ts`)], {
      cwd: projectRoot,
      stdio: ['ignore', 'inherit', 'inherit'],
      // Ctrl-C in the terminal signals the whole process group, and `endEarly` signals k6, too. On a second signal k6 ends
      // without its figures, so it runs in its own group.
      detached: true,
    })
    const endEarly = () => child.kill('SIGINT')
    for (const signal of SIGNALS) process.on(signal, endEarly)
    const timer = is_quiet ? setInterval(() => console.error(`${elapsed_s().toFixed(0)} s…`), SAY_EVERY_MS) : undefined
    const watch = watchProcesses({ ...watched, roots: new Map([...watched.roots, [child.pid, 'k6']]) })
    const exit_code = await child.exited
    for (const signal of SIGNALS) process.off(signal, endEarly)
    clearInterval(timer)
    const processes = watch.stop()
    if (!existsSync(summary_file ?? '')) throw new Error('k6 ended before it had measured anything.')
    return {
      exit_code,
      seconds: elapsed_s(),
      summary: readSummary(readFileSync(summary_file ?? '', 'utf8')),
      ticks: readRecording(readFileSync(recording_file ?? '', 'utf8')),
      processes,
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
