/**
 * openapi-generator, what its Java client needs, and a virtual environment with openapi-python-client and what the generated
 * Python clients need. Made once, kept in the user's cache folder.
 */
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from './cache_folder.ts'
import { installPackage } from './debian_package.ts'

const ARTIFACT = 'org.openapitools:openapi-generator-cli:7.25.0'
const FOLDER = join(import.meta.dir, '..', 'generated_clients')
const [POM, REQUIREMENTS] = [join(FOLDER, 'pom.xml'), join(FOLDER, 'requirements.txt')]
/** The generator has 32 MB; an index that hangs must not hang the tests. */
const INSTALL_TIMEOUT_MS = 5 * 60_000
const SCRIPT = '#!/bin/sh\nexec java -XX:TieredStopAtLevel=1 -jar "$(dirname "$0")/jar/openapi-generator-cli.jar" "$@"\n'

/** Where the generator is, if it is; everything else lies beside it. Other versions are another folder. */
export function keptClientGenerators(): string {
  return join(folder(), 'openapi-generator')
}

/** Makes it, if there are Maven, a JDK and Python; false where not. */
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
    // Renamed when whole, so that one cut short is never taken for one. Another run may have been faster.
    if (!existsSync(folder())) renameSync(work, folder())
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return true
}

async function makeEnvironment(venv: string): Promise<boolean> {
  const make = ['python3', '-m', 'venv', '--clear', venv]
  // Where Debian lacks it, the package brings Python itself, too.
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
