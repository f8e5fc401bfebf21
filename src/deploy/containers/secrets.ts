/**
 * The secrets of the containers in docker-compose.yml. The first start creates them, in a folder for each container that reads
 * them.
 */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepCertificate } from './certificate.ts'
import { writeWhole } from './write_whole.ts'

/** The logins of db/access/roles.sql. */
const LOGINS = ['migrator', 'api', 'auth', 'worker', 'readonly', 'backup']

/**
 * Writes the missing secrets into a folder, one file each, readable for every user of a container that mounts it. An existing
 * password stays. The URLs that contain passwords are always written again, so that they follow a changed password.
 */
export async function makeSecrets(folder: string): Promise<void> {
  const keep = (name: string) => keepPassword(join(folder, name))
  const write = (name: string, content: string) => writeWhole(join(folder, name), content)
  const urlOf = (login: string) => `postgres://stallwright_${login}:${keep(`postgres/${login}`)}@postgres:5432/stallwright`

  keep('postgres/superuser')
  for (const login of LOGINS) keep(`postgres/${login}`)
  write('migrate/database_url', urlOf('migrator'))
  write('api/database_url', urlOf('api'))
  write('api/auth_database_url', urlOf('auth'))
  write('api/queues_database_url', urlOf('worker'))
  write('worker/database_url', urlOf('worker'))

  const password = keep('redis/password')
  write('redis/redis.conf', `requirepass ${password}\n`)
  for (const container of ['api', 'worker']) write(`${container}/redis_url`, `redis://:${password}@redis:6379`)

  keep('api/operator_token')
  await keepCertificate(join(folder, 'balancer'))
}

/** Returns the password in a file. Creates it first if the file is missing. It has 256 random bits. */
function keepPassword(path: string): string {
  if (!existsSync(path)) writeWhole(path, randomBytes(32).toString('hex'))
  return readFileSync(path, 'utf8')
}
