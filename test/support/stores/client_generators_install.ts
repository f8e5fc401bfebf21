/**
 * Installs openapi-generator, the libraries of its Java client, and a virtual environment with openapi-python-client and the
 * libraries of the generated Python clients. Keeps them in the cache folder.
 */
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from './cache_folder.ts'
import { installPackage } from './debian_package.ts'

const ARTIFACT = 'org.openapitools:openapi-generator-cli:7.25.0'
const FOLDER = join(import.meta.dir, '..', 'generated_clients')
const [POM, REQUIREMENTS] = [join(FOLDER, 'pom.xml'), join(FOLDER, 'requirements.txt')]
/** The generator has 32 MB. The limit ends a download from a registry that hangs. */
const INSTALL_TIMEOUT_MS = 5 * 60_000
const SCRIPT = '#!/bin/sh\nexec java -XX:TieredStopAtLevel=1 -jar "$(dirname "$0")/jar/openapi-generator-cli.jar" "$@"\n'

/** Returns the path of the generator, installed or not. The other programs are beside it. Other versions have another folder. */
export function keptClientGenerators(): string {
  return join(folder(), 'openapi-generator')
}

/** Installs everything. Returns false if Maven, a JDK or Python is missing, or if a step fails. */
export async function installClientGenerators(): Promise<boolean> {
  console.log('Fetching openapi-generator and openapi-python-client for the tests that need them…')
  mkdirSync(cacheFolder(), { recursive: true, mode: 0o755 })
  const work = mkdtempSync(join(cacheFolder(), 'partial-'))
  chmodSync(work, 0o755)
  try {
    const maven = ['mvn', '-q', '-B']
    const generator = [`-Dartifact=${ARTIFACT}`, `-DoutputDirectory=${join(work, 'jar')}`, '-Dmdep.stripVersion=true']
    if (!(await succeeds([...maven, 'dependency:copy', ...generator]))) return false
    const jars = `-DoutputDirectory=${join(work, 'jars')}`
    if (!(await succeeds([...maven, '-f', POM, 'dependency:copy-dependencies', jars]))) return false
    if (!(await makeEnvironment(join(work, 'venv')))) return false
    writeFileSync(join(work, 'openapi-generator'), SCRIPT, { mode: 0o755 })
    // The folder gets its final name when it is complete, so no run uses an interrupted one. Another run may have been faster.
    if (!existsSync(folder())) renameSync(work, folder())
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return true
}

async function makeEnvironment(venv: string): Promise<boolean> {
  const make = ['python3', '-m', 'venv', '--clear', venv]
  // Debian may lack the venv module. Its package installs Python itself, too.
  if (!(await succeeds(make))) {
    await installPackage('python3-venv')
    if (!(await succeeds(make))) return false
  }
  return succeeds([join(venv, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--requirement', REQUIREMENTS])
}

function folder(): string {
  const versions = [ARTIFACT, readFileSync(POM), readFileSync(REQUIREMENTS)]
  const hash = versions.reduce((sum, part) => sum.update(part), createHash('sha256'))
  return join(cacheFolder(), `client-generators-${hash.digest('hex').slice(0, 8)}`)
}

async function succeeds(command: string[]): Promise<boolean> {
  try {
    const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'ignore', stderr: 'inherit', timeout: INSTALL_TIMEOUT_MS })
    return (await child.exited) === 0
  } catch {
    return false
  }
}
