/** A given service, which runs before and after the load test. */
import { openPool, type Pool } from '../../src/platform/db/client.ts'
import { MADE_PEOPLE_DOMAIN, makePeople } from '../../test/support/people.ts'
import { cleanUp, describeCleanUp } from './clean_up.ts'
import type { Stack } from './stack.ts'
import { prepareStage } from './stage.ts'

type DeploymentOptions = {
  url: string
  database_url: string | undefined
  /** Buyers of a flash sale. */
  crowd: number
  say: (line: string) => void
}

/** The allowed lag of a replica behind rows that the run writes without the API. */
const FOLLOWS_MS = 3000

/** Adds people and listings to the service on `url`, directly in its database at `database_url`. `stop` calls cleanUp. */
export async function openDeployment({ url, database_url, crowd, say }: DeploymentOptions): Promise<Stack> {
  if (!database_url) throw new Error('Set DATABASE_URL, too: to the database of the service on BASE_URL.')
  const alive = await fetch(`${url}/livez`).catch(() => null)
  if (!alive?.ok) throw new Error(`Nothing serves on ${url}: start it first (bun start), or leave BASE_URL out.`)
  const sql = openPool(database_url, { max: 2, name: 'stallwright loadtest', statement_timeout_ms: 0 })
  const group = `load-${crypto.randomUUID().slice(0, 8)}-`
  const stop = async () => {
    say(describeCleanUp(await cleanUp(sql, group)))
    await sql.end({ timeout: 5 })
  }
  try {
    await checkDatabase(sql, url, group)
    say('Preparing people and listings, which takes some ten seconds. Should this run be killed: bun run loadtest --clean-up')
    const stage = await prepareStage(sql, { crowd }, group)
    const about = [url, 'k6 on this machine']
    return { url, sql, stage, watched: { roots: new Map(), database: null }, about, target: url, statements: null, stop }
  } catch (error) {
    await cleanUp(sql, group).catch(() => {})
    await sql.end({ timeout: 5 })
    throw error
  }
}

/** Writes a signed-in user into the database. Throws if the login may not write, or if the service does not find the user. */
async function checkDatabase(sql: Pool, url: string, group: string): Promise<void> {
  const [person] = await makePeople(sql, 1, group).catch((error: { code?: string; message: string }) => {
    if (error.code === '42501')
      throw new Error(
        `The login of DATABASE_URL may not write people and listings (${error.message}): ` +
          'use that of stallwright_migrator, or of the owner.',
      )
    if (error.code === '42P01')
      throw new Error(`DATABASE_URL is not the database of the service on ${url}: it has no tables of Stallwright.`)
    throw error
  })
  const deadline = performance.now() + FOLLOWS_MS
  while (performance.now() < deadline) {
    const answer = await fetch(`${url}/v1/me`, { headers: { Authorization: `Bearer ${person?.token}` } })
    const { email } = answer.ok ? ((await answer.json()) as { email: string }) : { email: '' }
    if (email.startsWith(group) && email.endsWith(MADE_PEOPLE_DOMAIN)) return
    await Bun.sleep(200)
  }
  throw new Error(
    `DATABASE_URL is not the database of the service on ${url}: the service does not accept a session that the run wrote there.`,
  )
}
