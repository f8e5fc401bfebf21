/**
 * The Elasticsearch of tests, fault injection and benchmarks: ELASTICSEARCH_URL, a binary, Docker, or the distribution that
 * elasticsearch_install.ts makes. A process uses one server for everything. Each suite has its own indices.
 */
import { spawnSync } from 'node:child_process'
import { chownSync, cpSync, existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, realpathSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { delimiter, dirname, join } from 'node:path'
import { ELASTICSEARCH_VERSION, findInstallation, type Installation, install } from './elasticsearch_install.ts'
import { unprivilegedUser } from './os_user.ts'
import type { Store } from './store.ts'

/** A running server. `pid`, `kill` and `restart` are null if the server is not a process that we have started. */
export type Elasticsearch = {
  url: string
  /** The process id of the first start. */
  pid: number | null
  /** Sends SIGKILL. The written data stays. */
  kill: (() => Promise<void>) | null
  /** Starts the server again at the same address. Returns when the server can search. */
  restart: (() => Promise<void>) | null
  stop: () => Promise<void>
}

const NOT_OURS = { pid: null, kill: null, restart: null }

/** The instruction for a machine without Elasticsearch. */
export const ELASTICSEARCH_HINT =
  'set ELASTICSEARCH_URL, or install Docker, or Maven and a JDK of 21 or later (apt install maven openjdk-21-jdk)'

/** A start takes 8 s on two idle cores. */
const START_TIMEOUT_MS = 120_000
const STOP_TIMEOUT_MS = 20_000
const IMAGE = `docker.elastic.co/elasticsearch/elasticsearch:${ELASTICSEARCH_VERSION}`

/** For `bun run test`. Finds or installs Elasticsearch, but does not start it. */
export const elasticsearch: Store = {
  name: 'elasticsearch',
  provide: async () => (findOrInstallElasticsearch() ? {} : null),
}

/** Returns whether startElasticsearch will find a server. Installs one if that is possible. */
export function findOrInstallElasticsearch(): boolean {
  if (!hasElasticsearch()) install()
  return hasElasticsearch()
}

/** Returns whether startElasticsearch finds a server without an installation. */
export function hasElasticsearch(): boolean {
  return Boolean(process.env.ELASTICSEARCH_URL || findBinary() || hasDocker() || findInstallation())
}

let running: Promise<Elasticsearch> | undefined

/** Returns the server that a test run shares. The first call starts it, and preload.ts stops it. */
export function sharedElasticsearch(): Promise<Elasticsearch> {
  running ??= startElasticsearch()
  return running
}

/** Stops the server of sharedElasticsearch, if one runs. */
export async function stopSharedElasticsearch(): Promise<void> {
  const started = running
  running = undefined
  await (await started?.catch(() => undefined))?.stop()
}

/**
 * Finds or starts a server, and installs it if the machine lacks it. If that is impossible, throws one line with an instruction.
 */
export async function startElasticsearch({ heap_mb = 512 } = {}): Promise<Elasticsearch> {
  const given = process.env.ELASTICSEARCH_URL
  if (given) return { url: given.replace(/\/+$/, ''), ...NOT_OURS, stop: async () => {} }
  const binary = findBinary()
  if (!binary && hasDocker()) return startContainer(heap_mb)
  const installation = binary ?? findInstallation() ?? install()
  if (!installation) throw new Error(`There is no Elasticsearch: ${ELASTICSEARCH_HINT}.`)
  const settings = { 'discovery.type': 'single-node', 'http.port': await freePort(), 'transport.port': await freePort() }
  const server = startProcess(installation, settings, javaOptions(heap_mb))
  await server.untilUp()
  return { ...server, pid: server.pid() }
}

/** Returns the JVM options for a heap of this size. */
export const javaOptions = (heap_mb: number): string => `-Xms${heap_mb}m -Xmx${heap_mb}m`

/**
 * Returns an installation to start as a process, even if ELASTICSEARCH_URL or Docker is available. Null if no installation is
 * found.
 */
export function findElasticsearchProgram(): Installation | null {
  return findBinary() ?? findInstallation()
}

/** A server that we have started. `untilUp` waits until it can search. Throws the end of its output if it does not start. */
export type ElasticsearchProcess = Record<'untilUp' | 'kill' | 'restart' | 'stop', () => Promise<void>> & {
  url: string
  /** Returns null if the system has no /proc. */
  pid: () => number | null
}

/** Starts a server with these settings, which include its ports, in a new folder. */
export function startProcess(
  { home, java_home }: Installation,
  own: Record<string, string | number>,
  java_options: string,
): ElasticsearchProcess {
  const user = unprivilegedUser()
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-elasticsearch-'))
  // Elasticsearch writes a keystore beside its settings, so the new folder has a copy of the settings.
  cpSync(join(home, 'config'), join(folder, 'config'), { recursive: true })
  for (const name of ['data', 'logs', 'tmp']) mkdirSync(join(folder, name))
  if (user) for (const path of ['', 'data', 'logs', 'tmp', 'config']) chownSync(join(folder, path), user.uid, user.gid)
  const settings = {
    ...own,
    'xpack.security.enabled': 'false',
    'cluster.routing.allocation.disk.threshold_enabled': 'false',
    'path.data': join(folder, 'data'),
    'path.logs': join(folder, 'logs'),
  }
  const url = `http://127.0.0.1:${own['http.port']}`
  const launch = () => spawnServer({ home, java_home }, folder, settings, java_options)
  let child = launch()
  const kill = async () => {
    // The child is a launcher. If only the launcher were killed, the server would keep running.
    for (const pid of childrenOf(child.pid)) process.kill(pid, 'SIGKILL')
    child.kill('SIGKILL')
    await child.exited
  }
  const stop = async () => {
    const timer = setTimeout(() => void kill(), STOP_TIMEOUT_MS)
    child.kill('SIGTERM')
    await child.exited
    clearTimeout(timer)
    rmSync(folder, { recursive: true, force: true })
  }
  const untilUp = async () => {
    if (await isUp(url, () => child.exitCode === null)) return
    const output = existsSync(join(folder, 'output')) ? readFileSync(join(folder, 'output'), 'utf8') : ''
    await stop()
    throw new Error(`Elasticsearch does not start: ${output.trim().split('\n').slice(-15).join('\n')}`)
  }
  const restart = async () => {
    child = launch()
    await untilUp()
  }
  return { url, pid: () => childrenOf(child.pid)[0] ?? null, untilUp, kill, restart, stop }
}

function spawnServer(
  { home, java_home }: Installation,
  folder: string,
  settings: Record<string, string | number>,
  java_options: string,
): Bun.Subprocess {
  const output = Bun.file(join(folder, 'output'))
  return Bun.spawn(
    [join(home, 'bin', 'elasticsearch'), ...Object.entries(settings).flatMap(([key, value]) => ['-E', `${key}=${value}`])],
    {
      cwd: folder,
      env: {
        PATH: process.env.PATH ?? '',
        ES_PATH_CONF: join(folder, 'config'),
        ES_TMPDIR: join(folder, 'tmp'),
        ES_JAVA_OPTS: java_options,
        ...(java_home && { ES_JAVA_HOME: java_home }),
      },
      stdio: ['ignore', output, output],
      ...(unprivilegedUser() ?? {}),
    },
  )
}

/** Returns the children of all threads of a process. Returns no ids on systems without /proc. */
function childrenOf(pid: number): number[] {
  const tasks = `/proc/${pid}/task`
  if (!existsSync(tasks)) return []
  const lists = readdirSync(tasks).map((task) => readFileSync(join(tasks, task, 'children'), 'utf8'))
  return lists.flatMap((list) => list.trim().split(' ').filter(Boolean)).map(Number)
}

async function startContainer(heap_mb: number): Promise<Elasticsearch> {
  const variables = ['discovery.type=single-node', 'xpack.security.enabled=false', `ES_JAVA_OPTS=${javaOptions(heap_mb)}`]
  const label = `stallwright_test=${process.env.STALLWRIGHT_TEST_RUN ?? ''}`
  const options = ['--detach', '--rm', '--publish', '127.0.0.1::9200', '--label', label]
  const args = ['run', ...options, ...variables.flatMap((one) => ['--env', one]), IMAGE]
  const id = docker(args)
  const stop = async () => void docker(['stop', '--time', '10', id])
  const url = `http://${docker(['port', id, '9200/tcp']).split('\n')[0]}`
  if (await isUp(url, () => true)) return { url, ...NOT_OURS, stop }
  await stop()
  throw new Error('Elasticsearch does not start in its container.')
}

function docker(args: string[]): string {
  const done = spawnSync('docker', args, { encoding: 'utf8' })
  if (done.status !== 0) throw new Error(`docker ${args[0]} failed: ${done.stderr.trim()}`)
  return done.stdout.trim()
}

/** Waits until the cluster can create an index. Returns false if the server has ended, or after START_TIMEOUT_MS. */
async function isUp(url: string, isAlive: () => boolean): Promise<boolean> {
  const deadline = performance.now() + START_TIMEOUT_MS
  while (isAlive() && performance.now() < deadline) {
    const ready = await fetch(`${url}/_cluster/health?wait_for_status=yellow&timeout=5s`).then(
      (answer) => answer.ok,
      () => false,
    )
    if (ready) return true
    await Bun.sleep(200)
  }
  return false
}

/** Returns the home of the binary from ELASTICSEARCH_PATH or the PATH. The binary must be bin/elasticsearch of that home. */
function findBinary(): Installation | null {
  const given = process.env.ELASTICSEARCH_PATH
  const candidates = given ? [given] : (process.env.PATH ?? '').split(delimiter).map((folder) => join(folder, 'elasticsearch'))
  const path = candidates.find(existsSync)
  if (!path) return null
  const home = dirname(dirname(realpathSync(path)))
  return existsSync(join(home, 'config')) ? { home, java_home: null } : null
}

let docker_answers: boolean | undefined

function hasDocker(): boolean {
  docker_answers ??= spawnSync('docker', ['info'], { stdio: 'ignore', timeout: 5000 }).status === 0
  return docker_answers
}

/** Returns a free port. */
export function freePort(): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer().once('error', reject)
    server.listen(0, '127.0.0.1', () => {
      const { port } = server.address() as { port: number }
      server.close(() => resolve(port))
    })
  })
}
