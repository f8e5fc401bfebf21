import { existsSync, rmSync, writeFileSync } from 'node:fs'

/** Enough to fetch a package list and to unpack a browser. The limit ends a download from a mirror that hangs. */
const INSTALL_TIMEOUT_MS = 5 * 60_000
/** Debian runs this program to find out whether a package may start its service. Exit code 101 forbids it. */
const POLICY = '/usr/sbin/policy-rc.d'

/** Installs a package if this process is root on Debian. Otherwise does nothing. Starts no service. */
export async function installPackage(name: string): Promise<void> {
  if (process.getuid?.() !== 0 || !existsSync('/etc/debian_version')) return
  console.log(`Installing Debian's ${name} for the tests that need it…`)
  const has_policy = existsSync(POLICY)
  if (!has_policy) writeFileSync(POLICY, '#!/bin/sh\nexit 101\n', { mode: 0o755 })
  const install = ['apt-get', 'install', '--yes', '--quiet', '--no-install-recommends', name]
  try {
    if (!(await succeeds(install)) && (await succeeds(['apt-get', 'update', '--quiet']))) await succeeds(install)
  } finally {
    if (!has_policy) rmSync(POLICY, { force: true })
  }
}

async function succeeds(command: string[]): Promise<boolean> {
  const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' }
  try {
    const child = Bun.spawn(command, { env, stdin: 'ignore', stdout: 'ignore', stderr: 'ignore', timeout: INSTALL_TIMEOUT_MS })
    return (await child.exited) === 0
  } catch {
    return false
  }
}
