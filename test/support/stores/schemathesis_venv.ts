/** Installs schemathesis in its own virtual environment, and keeps it in the cache folder. */
import { createHash } from 'node:crypto'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { cacheFolder } from './cache_folder.ts'
import { installPackage } from './debian_package.ts'

const REQUIREMENTS = join(import.meta.dir, '..', 'schemathesis', 'requirements.txt')
/** About thirty packages. The limit ends a download from a registry that hangs. */
const INSTALL_TIMEOUT_MS = 5 * 60_000
/** Replaces the environment's own script, because that script contains the path of the folder before the rename. */
const SCRIPT = '#!/bin/sh\nexec "$(dirname "$0")/python" -m schemathesis.cli "$@"\n'

/** Returns the path of the script, installed or not. The folder name contains a hash, so other versions have another folder. */
export function keptSchemathesis(): string {
  return join(folder(), 'bin', 'run-schemathesis')
}

/** Installs schemathesis. Returns false if Python is missing or a step fails. */
export async function installSchemathesis(): Promise<boolean> {
  console.log('Fetching schemathesis for the tests that need it…')
  mkdirSync(cacheFolder(), { recursive: true, mode: 0o755 })
  const work = mkdtempSync(join(cacheFolder(), 'partial-'))
  try {
    const make = ['python3', '-m', 'venv', '--clear', work]
    // Debian may lack the venv module. Its package installs Python itself, too.
    if (!(await succeeds(make))) {
      await installPackage('python3-venv')
      if (!(await succeeds(make))) return false
    }
    const pip = [join(work, 'bin', 'python'), '-m', 'pip', 'install', '--quiet', '--requirement', REQUIREMENTS]
    if (!(await succeeds(pip))) return false
    writeFileSync(join(work, 'bin', 'run-schemathesis'), SCRIPT)
    chmodSync(join(work, 'bin', 'run-schemathesis'), 0o755)
    // The folder gets its final name when it is complete, so no run uses an interrupted one. Another run may have been faster.
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
