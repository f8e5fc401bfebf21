/** Makes clients of /openapi.json with third-party generators, and builds the programs that buy with these clients. */
import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, statSync, utimesSync } from 'node:fs'
import { delimiter, join } from 'node:path'
import { Glob } from 'bun'
import { projectRoot } from '../../../src/platform/project.ts'
import { runToEnd } from '../commands.ts'
import { findProgram } from '../requirements.ts'
import { cacheFolder } from '../stores/cache_folder.ts'

export type Language = 'go' | 'java' | 'python' | 'openapi_python_client'

/** The command of a program, without its arguments. */
export type Command = { command: string[]; env?: Record<string, string> }

const HERE = import.meta.dir
const DOCUMENT = join(projectRoot, 'docs', 'openapi.json')
const BUILDS = join(cacheFolder(), 'generated-clients')
/** A build takes less than a minute on an idle machine. The limit ends a build that hangs. */
const STEP_TIMEOUT_MS = 8 * 60_000
const MAX_UNUSED_MS = 7 * 24 * 3600_000

/**
 * Returns the program that buys in this language. An earlier run with the same document may have built it. `generators` is the
 * folder of the generators. Throws an Error with the output of the step that failed.
 */
export async function buildPurchase(language: Language, generators: string): Promise<Command> {
  const python = join(generators, 'venv', 'bin', 'python')
  const program = join(HERE, language, 'purchase.py')
  if (language === 'go') return { command: [join(await provide('go', (to) => buildGo(generators, to)), 'purchase')] }
  if (language === 'java') {
    const classes = await provide('java', (to) => buildJava(generators, to))
    return { command: ['java', '-XX:TieredStopAtLevel=1', '-cp', classPath(generators, classes), 'Purchase'] }
  }
  const generate = language === 'python' ? generateAll : generatePythonClient
  const client = await provide(language, (to) => generate(generators, to))
  return { command: [python, program], env: { PYTHONPATH: language === 'python' ? join(client, 'python') : client } }
}

/** Returns the folder that `make` fills. `make` runs once for each fingerprint. */
async function provide(name: string, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = join(BUILDS, `${name}-${fingerprint()}`)
  if (existsSync(folder)) {
    // The time of the last use: deleteUnused() keeps what a run of the last week used.
    utimesSync(folder, new Date(), new Date())
    return folder
  }
  mkdirSync(BUILDS, { recursive: true, mode: 0o755 })
  deleteUnused()
  const work = mkdtempSync(join(BUILDS, 'partial-'))
  try {
    await make(work)
    // The folder gets its final name when it is complete. Another run may have been faster.
    if (!existsSync(folder)) renameSync(work, folder)
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return folder
}

/** One run of openapi-generator makes all of its clients, because most of a run is its start. */
async function generateAll(generators: string, folder: string): Promise<void> {
  const names = ['go', 'java', 'python']
  for (const name of names) cpSync(join(HERE, 'generators', `${name}.yaml`), join(folder, `${name}.yaml`))
  cpSync(DOCUMENT, join(folder, 'openapi.json'))
  const said = await run([join(generators, 'openapi-generator'), 'batch', ...names.map((name) => `${name}.yaml`)], folder)
  if (!said.includes('finished 3 generators successfully')) throw new Error(said)
}

const generated = (generators: string) => provide('python', (to) => generateAll(generators, to))

async function buildGo(generators: string, folder: string): Promise<void> {
  const sources = join(await generated(generators), 'go')
  for (const name of new Glob('*.go').scanSync(sources)) cpSync(join(sources, name), join(folder, 'client', name))
  cpSync(join(HERE, 'go'), folder, { recursive: true })
  await run([findProgram('go') as string, 'build', '-o', 'purchase', '.'], folder)
}

async function buildJava(generators: string, folder: string): Promise<void> {
  const sources = join(await generated(generators), 'java', 'src', 'main', 'java')
  const files = [...new Glob('**/*.java').scanSync(sources)].map((name) => join(sources, name))
  const program = join(HERE, 'java', 'Purchase.java')
  await run(
    [findProgram('javac') as string, '-nowarn', '-proc:none', '-d', '.', '-cp', classPath(generators), ...files, program],
    folder,
  )
}

async function generatePythonClient(generators: string, folder: string): Promise<void> {
  const config = join(HERE, 'generators', 'openapi_python_client.yaml')
  const options = ['--path', DOCUMENT, '--meta', 'none', '--config', config, '--output-path', 'stallwright_client']
  await run([join(generators, 'venv', 'bin', 'python'), '-m', 'openapi_python_client', 'generate', ...options], folder)
}

function classPath(generators: string, ...folders: string[]): string {
  return [...folders, join(generators, 'jars', '*')].join(delimiter)
}

/** Returns a hash of the document and of all files in this folder: programs, settings and versions of the generators. */
function fingerprint(): string {
  const hash = createHash('sha256').update(readFileSync(DOCUMENT))
  for (const name of [...new Glob('**/*').scanSync(HERE)].sort()) hash.update(readFileSync(join(HERE, name)))
  return hash.digest('hex').slice(0, 12)
}

/** Deletes builds that no run has used for a week, because every change of the document makes new builds. */
function deleteUnused(): void {
  for (const name of new Glob('*').scanSync({ cwd: BUILDS, onlyFiles: false })) {
    const folder = join(BUILDS, name)
    if (Date.now() - statSync(folder).mtimeMs > MAX_UNUSED_MS) rmSync(folder, { recursive: true, force: true })
  }
}

/** Returns the output of a command. Throws an Error with the output if the command fails. */
export async function run(command: string[], cwd: string, env: Record<string, string> = {}): Promise<string> {
  const { code, output, errors } = await runToEnd(command, { folder: cwd, variables: env, timeout_ms: STEP_TIMEOUT_MS })
  if (code !== 0) throw new Error(`${command.slice(0, 3).join(' ')} … failed:\n${output}${errors}`)
  return output
}
