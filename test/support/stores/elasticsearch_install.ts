/**
 * An Elasticsearch that runs without Docker: the integ-test distribution from Maven Central. It is the real server, but it lacks
 * some token filters, which our plugin adds. It is made once and kept in the cache folder.
 */
import { spawnSync } from 'node:child_process'
import { createHash } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { delimiter, join } from 'node:path'
import { cacheFolder } from './cache_folder.ts'

/** The version of the image in docker-compose.yml. */
export const ELASTICSEARCH_VERSION = '9.5.3'

/** The folder of an Elasticsearch, and the JDK to run it with. If the JDK is null, Elasticsearch chooses one. */
export type Installation = { home: string; java_home: string | null }

const ARTIFACT = `org.elasticsearch.distribution.integ-test-zip:elasticsearch:${ELASTICSEARCH_VERSION}:zip`
const PLUGIN_SOURCE = join(import.meta.dir, 'elasticsearch_analysis', 'AnalysisPlugin.java')
/** The oldest Java that Elasticsearch 9 runs on. */
const OLDEST_JAVA = 21
/** The distribution has 130 MB. */
const DOWNLOAD_TIMEOUT_MS = 5 * 60_000
const BUILD_TIMEOUT_MS = 60_000

/** Returns the installation of an earlier run. Returns null if no run has installed it, or if the machine has no JDK. */
export function findInstallation(): Installation | null {
  const java_home = findJdk()
  return java_home && existsSync(folder()) ? { home: folder(), java_home } : null
}

/** Makes the installation. Returns null if Maven or a JDK is missing. Throws an Error if a step fails. */
export function install(): Installation | null {
  const java_home = findJdk()
  if (!java_home || !isOnPath('mvn')) return null
  console.log(`Fetching Elasticsearch ${ELASTICSEARCH_VERSION} for the tests that need it…`)
  mkdirSync(cacheFolder(), { recursive: true, mode: 0o755 })
  const work = mkdtempSync(join(cacheFolder(), 'partial-'))
  chmodSync(work, 0o755)
  try {
    run('mvn', ['-q', '-B', 'dependency:copy', `-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${work}`], work, DOWNLOAD_TIMEOUT_MS)
    const name = `elasticsearch-${ELASTICSEARCH_VERSION}`
    // jar does not restore execute permissions.
    run(join(java_home, 'bin', 'jar'), ['xf', `${name}.zip`], work, BUILD_TIMEOUT_MS)
    const home = join(work, name)
    for (const file of readdirSync(join(home, 'bin'))) chmodSync(join(home, 'bin', file), 0o755)
    buildPlugin(home, java_home)
    // The folder gets its final name when it is complete, so no run uses an interrupted one. Another run may have been faster.
    if (!existsSync(folder())) renameSync(home, folder())
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return { home: folder(), java_home }
}

function buildPlugin(home: string, java_home: string): void {
  const plugin = join(home, 'plugins', 'analysis-stand-in')
  mkdirSync(join(plugin, 'classes'), { recursive: true })
  const tool = (name: string) => join(java_home, 'bin', name)
  const libraries = join(home, 'lib', '*')
  const compile = ['--release', String(OLDEST_JAVA), '-cp', libraries, '-d', join(plugin, 'classes'), PLUGIN_SOURCE]
  run(tool('javac'), compile, home, BUILD_TIMEOUT_MS)
  run(tool('jar'), ['cf', join(plugin, 'plugin.jar'), '-C', join(plugin, 'classes'), '.'], home, BUILD_TIMEOUT_MS)
  rmSync(join(plugin, 'classes'), { recursive: true })
  const descriptor = {
    name: 'analysis-stand-in',
    description: 'token filters for tests',
    version: '1',
    classname: 'AnalysisPlugin',
    'java.version': OLDEST_JAVA,
    'elasticsearch.version': ELASTICSEARCH_VERSION,
  }
  const lines = Object.entries(descriptor).map(([key, value]) => `${key}=${value}\n`)
  writeFileSync(join(plugin, 'plugin-descriptor.properties'), lines.join(''))
}

/** The name contains a hash of the plugin's source, so a changed plugin makes a new installation. */
function folder(): string {
  const source = createHash('sha256').update(readFileSync(PLUGIN_SOURCE)).digest('hex').slice(0, 8)
  return join(cacheFolder(), `elasticsearch-${ELASTICSEARCH_VERSION}-${source}`)
}

/** Returns the home of a JDK of OLDEST_JAVA or later: from ES_JAVA_HOME, JAVA_HOME, or the usual folders of a system. */
function findJdk(): string | null {
  const folders = ['/usr/lib/jvm', '/opt/java', '/Library/Java/JavaVirtualMachines']
  const kept = folders.filter(existsSync).flatMap((parent) => readdirSync(parent).map((name) => join(parent, name)))
  const homes = [process.env.ES_JAVA_HOME, process.env.JAVA_HOME, ...kept, ...kept.map((home) => join(home, 'Contents', 'Home'))]
  return homes.find((home) => home && existsSync(join(home, 'bin', 'javac')) && javaVersion(home) >= OLDEST_JAVA) ?? null
}

function javaVersion(home: string): number {
  const release = join(home, 'release')
  return existsSync(release) ? Number(/JAVA_VERSION="(\d+)/.exec(readFileSync(release, 'utf8'))?.[1] ?? 0) : 0
}

function isOnPath(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((path) => existsSync(join(path, program)))
}

function run(command: string, args: string[], cwd: string, timeout_ms: number): void {
  const done = spawnSync(command, args, { cwd, timeout: timeout_ms, encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'] })
  if (done.status !== 0)
    throw new Error(`${command} failed: ${(done.stderr || done.stdout || String(done.error)).trim().slice(0, 500)}`)
}
