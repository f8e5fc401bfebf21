/** What each process of a run takes, from the system's own books (/proc): nothing on other systems than Linux. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** At so many seconds since the beginning: cores used since the last sample, and memory that is the process's own, in MB. */
export type ProcessSample = { at_s: number; cores: number; memory_mb: number }
export type ProcessSeries = { name: string; samples: ProcessSample[] }
export type ProcessWatch = { stop: () => ProcessSeries[] }

const EVERY_MS = 1000
/** Linux counts CPU time in hundredths of a second, whatever its clock. */
const TICKS_PER_S = 100
/** What PostgreSQL's processes that work for every database call themselves. */
const FOR_ALL_DATABASES = /\b(checkpointer|background writer|walwriter|io worker \d+)\b/

/**
 * What to watch: the processes with these ids and names and all that they start, and PostgreSQL as far as it works for the database of this name. A name is
 * this run's own, so no other server of this machine has it; null watches no PostgreSQL.
 */
export type Watched = { roots: Map<number, string>; database: string | null }

type Process = { pid: number; parent: number; command: string; ticks: number }
type Use = { ticks: number; memory_kb: number }

/** Watches processes until it is stopped; those of one name are added up. */
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
      // A store that has just ended one of its processes has used less than before.
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

/** The name of each process that is watched, by its id. */
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

/** The processes whose title names the database, and those of the same server that work for all databases. */
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
      // The fields after the command's name: at 1 its parent, at 11 and 12 the time in the program and in the system.
      const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
      const one = { pid: Number(name), parent: Number(fields[1]), command, ticks: Number(fields[11]) + Number(fields[12]) }
      return stat ? [[one.pid, one] as const] : []
    }),
  )
}

/** Empty where the process has just ended. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8')
  } catch {
    return ''
  }
}
