/** The secrets of the containers in docker-compose.yml: made at their first start, a folder for each container that reads them. */
import { randomBytes } from 'node:crypto'
import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { keepCertificate } from './certificate.ts'
import { writeWhole } from './write_whole.ts'

/** The logins of db/access/roles.sql. */
const LOGINS = ['migrator', 'api', 'auth', 'worker', 'readonly', 'backup']

/**
 * Writes what is missing into a folder, a file a secret, readable for every user of a container that mounts it. A password that is
 * there stays as it is; the URLs that hold passwords are written anew, so that they follow one that was changed.
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

/** The password in a file; made first where there is none. 256 random bits. */
function keepPassword(path: string): string {
  if (!existsSync(path)) writeWhole(path, randomBytes(32).toString('hex'))
  return readFileSync(path, 'utf8')
}
