/** Reads docker-compose.yml for tests, and makes the secrets and environments of its containers without Docker. */
import { mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { YAML } from 'bun'
import { projectRoot } from '../../src/platform/project.ts'

export type Service = {
  image?: string
  build?: string
  user?: string
  command?: string[]
  environment?: Record<string, string>
  volumes?: string[]
  ports?: string[]
  networks?: string[]
  network_mode?: string
  read_only?: boolean
  cap_drop?: string[]
  cap_add?: string[]
  security_opt?: string[]
  privileged?: boolean
  mem_limit?: string
  depends_on?: Record<string, { condition: string }>
  healthcheck?: { test?: string[]; disable?: boolean }
}

export const compose = YAML.parse(readFileSync(join(projectRoot, 'docker-compose.yml'), 'utf8')) as {
  services: Record<string, Service>
  networks: Record<string, { internal?: boolean } | null>
  volumes: Record<string, null>
}

/** Throws if docker-compose.yml has no such service. */
export function serviceOf(name: string): Service {
  const service = compose.services[name]
  if (!service) throw new Error(`docker-compose.yml has no service ${name}.`)
  return service
}

/**
 * Makes a folder and runs the command of the container `secrets` on it once, with the folder in place of /secrets. `start` runs
 * the command again.
 */
export function makeSecrets(): { folder: string; start: () => void; remove: () => void } {
  const folder = mkdtempSync(join(tmpdir(), 'stallwright-secrets-'))
  const [, ...command] = serviceOf('secrets').command ?? []
  const start = () => {
    const words = command.map((word) => (word === '/secrets' ? folder : word))
    const ended = Bun.spawnSync([process.execPath, ...words], { cwd: projectRoot })
    if (ended.exitCode !== 0) throw new Error(ended.stderr.toString())
  }
  start()
  return { folder, start, remove: () => rmSync(folder, { recursive: true, force: true }) }
}

/** Returns the text with /run/secrets replaced by this test's folder for the secrets of the service. */
export function inContainer(text: string, name: string, secrets: string): string {
  return text.replaceAll('/run/secrets', join(secrets, name))
}

/**
 * Returns the variables of a service. The paths lead to the secrets in this test's folder. For each variable with the suffix
 * _FILE, the variable without the suffix is empty.
 */
export function environmentOf(name: string, secrets: string): Record<string, string> {
  const given = Object.entries(serviceOf(name).environment ?? {})
  const emptied = given.map(([variable]) => [variable.replace(/_FILE$/, ''), ''])
  return Object.fromEntries([...emptied, ...given.map(([variable, value]) => [variable, inContainer(value, name, secrets)])])
}

/** Replaces addresses in the secrets of these services. `addresses` maps each old address to its new one. */
export function moveSecrets(secrets: string, names: string[], addresses: Record<string, string>): void {
  const files = names.flatMap((name) => readdirSync(join(secrets, name)).map((file) => join(secrets, name, file)))
  for (const file of files) {
    let text = readFileSync(file, 'utf8')
    for (const [from, to] of Object.entries(addresses)) text = text.replace(from, to)
    rmSync(file)
    writeFileSync(file, text)
  }
}
