/** What each process of a run takes, from the system's own books (/proc): nothing on other systems than Linux. */
import { existsSync, readdirSync, readFileSync } from 'node:fs'

/** At so many seconds since the beginning: cores used since the last sample, and memory that is the process's own, in MB. */
export type ProcessSample = { at_s: number; cores: number; memory_mb: number }
export type ProcessSeries = { name: string; samples: ProcessSample[] }
export type ProcessWatch = { stop: () => ProcessSeries[] }

const EVERY_MS = 1000
/** Linux counts CPU time in hundredths of a second, whatever its clock. */
const TICKS_PER_S = 100
/** What the stores are called by the system; the service and k6 are told by their process ids. */
const STORES: Record<string, string> = { postgres: 'PostgreSQL', 'redis-server': 'Redis', java: 'Elasticsearch' }

type Use = { ticks: number; memory_kb: number }

/** Watches processes until it is stopped; those of one name are added up. */
export function watchProcesses(named: Map<number, string>): ProcessWatch {
  const began = performance.now()
  const series = new Map<string, ProcessSample[]>()
  let last_ticks = new Map<string, number>()
  let last_s = 0
  const sample = () => {
    const at_s = (performance.now() - began) / 1000
    const uses = readUses(named)
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

function readUses(named: Map<number, string>): Map<string, Use> {
  const uses = new Map<string, Use>()
  for (const pid of readdirSync('/proc').filter((name) => /^\d+$/.test(name))) {
    const use = readUse(Number(pid), named)
    if (!use) continue
    const sum = uses.get(use.name) ?? { ticks: 0, memory_kb: 0 }
    uses.set(use.name, { ticks: sum.ticks + use.ticks, memory_kb: sum.memory_kb + use.memory_kb })
  }
  return uses
}

/** Null for a process of nobody's interest, or one that has just ended. */
function readUse(pid: number, named: Map<number, string>): (Use & { name: string }) | null {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const command = stat.slice(stat.indexOf('(') + 1, stat.lastIndexOf(')'))
    const name = named.get(pid) ?? STORES[command]
    if (!name) return null
    // The fields after the command's name: those at 11 and 12 are the time in the program and in the system.
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const memory_kb = Number(/^RssAnon:\s+(\d+)/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
    return { name, ticks: Number(fields[11]) + Number(fields[12]), memory_kb }
  } catch {
    return null
  }
}
