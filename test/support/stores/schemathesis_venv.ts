/** A schemathesis in a virtual environment of its own. Made once, kept in the user's cache folder. */
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from './cache_folder.ts'
import { installPackage } from './debian_package.ts'

const REQUIREMENTS = join(import.meta.dir, '..', 'schemathesis', 'requirements.txt')
/** Some thirty packages; an index that hangs must not hang the tests. */
const INSTALL_TIMEOUT_MS = 5 * 60_000
/** The scripts of a virtual environment name the folder that it was made in, which is not the one where it ends up. */
const SCRIPT = '#!/bin/sh\nexec "$(dirname "$0")/python" -m schemathesis.cli "$@"\n'

/** Where it is, if it is. Named after what it consists of, so that other versions are another one. */
export function keptSchemathesis(): string {
  return join(folder(), 'bin', 'run-schemathesis')
}

/** Makes it, if there is a Python that can; false where not. */
export async function installSchemathesis(): Promise<boolean> {
  console.log('Fetching schemathesis for the tests that need it…')
  mkdirSync(cacheFolder(), { recursive: true, mode: 0o755 })
  const work = mkdtempSync(join(cacheFolder(), 'partial-'))
  try {
    const make = ['python3', '-m', 'venv', '--clear', work]
    // Where Debian lacks it, the package brings Python itself, too.
    if (!(await succeeds(make))) {
      await installPackage('python3-venv')
      if (!(await succeeds(make))) return false
    }
    const pip = [join(work, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--requirement', REQUIREMENTS]
    if (!(await succeeds(pip))) return false
    writeFileSync(join(work, 'bin', 'run-schemathesis'), SCRIPT)
    chmodSync(join(work, 'bin', 'run-schemathesis'), 0o755)
    // Renamed when whole, so that one cut short is never taken for one. Another run may have been faster.
    if (!existsSync(folder())) renameSync(work, folder())
  } finally {
    rmSync(work, { recursive: true, force: true })
  }
  return true
}

function folder(): string {
  return join(cacheFolder(), `schemathesis-${createHash('sha256').update(readFileSync(REQUIREMENTS)).digest('hex').slice(0, 8)}`)
}

async function succeeds(command: string[]): Promise<boolean> {
  try {
    const child = Bun.spawn(command, { stdin: 'ignore', stdout: 'ignore', stderr: 'inherit', timeout: INSTALL_TIMEOUT_MS })
    return (await child.exited) === 0
  } catch {
    return false
  }
}
