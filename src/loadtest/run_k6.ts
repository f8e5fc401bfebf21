import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { projectRoot } from '../project.ts'
import type { ProcessSeries } from './processes.ts'
import { watchProcesses } from './processes.ts'
import { readRecording, type Tick } from './recording.ts'
import type { Stage } from './stage.ts'
import { readSummary, type Summary } from './summary.ts'

export type K6Run = { exit_code: number; seconds: number; summary: Summary; ticks: Tick[]; processes: ProcessSeries[] }

type Load = {
  k6: string
  suite: string
  base_url: string
  stage: Stage
  /** RATE, DURATION_S, PROFILE and what else a suite reads. */
  variables: Record<string, string>
  pids: Map<number, string>
}

/** Runs a suite of `loadtest/`, prints what k6 prints, and reads what it found. */
export async function runK6({ k6, suite, base_url, stage, variables, pids }: Load): Promise<K6Run> {
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
    const child = Bun.spawn([k6, 'run', '--no-usage-report', ...outputs, ...given, join('loadtest', `${suite}.ts`)], {
      cwd: projectRoot,
      stdio: ['ignore', 'inherit', 'inherit'],
    })
    const watch = watchProcesses(new Map([...pids, [child.pid, 'k6']]))
    const exit_code = await child.exited
    const processes = watch.stop()
    if (!existsSync(summary_file ?? '')) throw new Error('k6 ended before it had measured anything.')
    return {
      exit_code,
      seconds: (performance.now() - began) / 1000,
      summary: readSummary(readFileSync(summary_file ?? '', 'utf8')),
      ticks: readRecording(readFileSync(recording_file ?? '', 'utf8')),
      processes,
    }
  } finally {
    rmSync(folder, { recursive: true })
  }
}
