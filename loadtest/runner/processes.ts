/** CPU and memory of each process of a run, from /proc. There are no samples on other systems than Linux. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** `at_s` counts from the start of the watch. `cores` is the average since the last sample. `memory_mb` is private memory. */
export type ProcessSample = { at_s: number; cores: number; memory_mb: number }
export type ProcessSeries = { name: string; samples: ProcessSample[] }
export type ProcessWatch = { stop: () => ProcessSeries[] }

const EVERY_MS = 1000
/** Linux reports CPU time in hundredths of a second, independent of its timer frequency. */
const TICKS_PER_S = 100
/** The titles of PostgreSQL's processes that work for all databases. */
const FOR_ALL_DATABASES = /\b(checkpointer|background writer|walwriter|io worker \d+)\b/

/**
 * `roots` maps process ids to names. The watch includes their descendants, and the processes of PostgreSQL that work for
 * `database`. The name of the database is unique to this run, so no other server on this machine has it. Null watches no
 * PostgreSQL.
 */
export type Watched = { roots: Map<number, string>; database: string | null }

type Process = { pid: number; parent: number; command: string; ticks: number }
type Use = { ticks: number; memory_kb: number }

/** Watches processes until `stop`. Adds up the processes with the same name. */
export function watchProcesses(watched: Watched): ProcessWatch {
  const began = performance.now()
  const series = new Map<string, ProcessSample[]>()
  let last_ticks = new Map<string, number>()
  let last_s = 0
  const sample = () => {
    const at_s = (performance.now() - began) / 1000
    const uses = readUses(watched)
    for (const [name, { ticks, memory_kb }] of uses) {
      const before = last_ticks.get(name)
      // The sum falls when one of the processes with this name ends.
      const cores = before === undefined ? 0 : Math.max(0, ticks - before) / TICKS_PER_S / (at_s - last_s)
      const samples = series.get(name) ?? []
      if (before !== undefined) samples.push({ at_s, cores, memory_mb: memory_kb / 1000 })
      series.set(name, samples)
    }
    last_ticks = new Map([...uses].map(([name, { ticks }]) => [name, ticks]))
    last_s = at_s
  }
  const timer = existsSync('/proc/self/stat') ? setInterval(sample, EVERY_MS) : undefined
  const stop = () => {
    clearInterval(timer)
    return [...series].map(([name, samples]) => ({ name, samples }))
  }
  return { stop }
}

/** Returns the name of each watched process, by its id. */
export function findProcesses(watched: Watched): Map<number, string> {
  return nameProcesses(readProcesses(), watched)
}

function readUses(watched: Watched): Map<string, Use> {
  const uses = new Map<string, Use>()
  const processes = readProcesses()
  for (const [pid, name] of nameProcesses(processes, watched)) {
    const sum = uses.get(name) ?? { ticks: 0, memory_kb: 0 }
    uses.set(name, {
      ticks: sum.ticks + (processes.get(pid)?.ticks ?? 0),
      memory_kb: sum.memory_kb + Number(/^RssAnon:\s+(\d+)/m.exec(readProc(pid, 'status'))?.[1] ?? 0),
    })
  }
  return uses
}

function nameProcesses(processes: Map<number, Process>, { roots, database }: Watched): Map<number, string> {
  const names = new Map<number, string>()
  for (const { pid } of processes.values()) {
    const name = findRootName(pid, processes, roots)
    if (name !== null) names.set(pid, name)
  }
  if (database !== null) for (const pid of findPostgres(processes, database)) names.set(pid, 'PostgreSQL')
  return names
}

function findRootName(pid: number, processes: Map<number, Process>, roots: Map<number, string>): string | null {
  for (let at: number | undefined = pid; at; at = processes.get(at)?.parent) {
    const name = roots.get(at)
    if (name !== undefined) return name
  }
  return null
}

/** Returns the processes with the database in their title, and those of the same server that work for all databases. */
function findPostgres(processes: Map<number, Process>, database: string): number[] {
  const servers = [...processes.values()]
    .filter(({ command }) => command === 'postgres')
    .map(({ pid, parent }) => ({ pid, parent, title: readProc(pid, 'cmdline').replaceAll('\0', ' ').trim() }))
  const own = servers.filter(({ title }) => title.split(' ').includes(database))
  const parents = new Set(own.map(({ parent }) => parent))
  const shared = servers.filter(({ parent, title }) => parents.has(parent) && FOR_ALL_DATABASES.test(title))
  return [...own, ...shared].map(({ pid }) => pid)
}

function readProcesses(): Map<number, Process> {
  const pids = existsSync('/proc') ? readdirSync('/proc').filter((name) => /^\d+$/.test(name)) : []
  return new Map(
    pids.flatMap((name) => {
      const stat = readProc(Number(name), 'stat')
      const command = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
      // The fields after the name of the command: 1 is the parent, 11 is the user time, and 12 is the system time.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const one = { pid: Number(name), parent: Number(fields[1]), command, ticks: Number(fields[11]) + Number(fields[12]) }
      return stat ? [[one.pid, one] as const] : []
    }),
  )
}

/** Returns an empty text if the process has ended. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
