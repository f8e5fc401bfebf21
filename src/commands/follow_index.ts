import { openFollower } from '../domains/search/elasticsearch/catch_up.ts'
import { openIndexPool } from '../domains/search/open_search.ts'
import { readConfig } from '../platform/config.ts'
import { openProgress } from './progress.ts'

/** Runs a command's work. If there is an Elasticsearch, then waits some seconds until searches find the new listings. */
export async function followIndex<T>(url: string, work: () => Promise<T>): Promise<T> {
  const { ELASTICSEARCH_URL, SEARCH_INDEX } = readConfig(process.env)
  if (!ELASTICSEARCH_URL) return await work()
  const sql = openIndexPool(url)
  const follower = openFollower(sql, ELASTICSEARCH_URL, SEARCH_INDEX)
  try {
    const done = await work()
    const progress = openProgress(1, 'Elasticsearch')
    const waiting = await follower.catchUp((count) => progress.update(count === 0 ? 1 : 0, `${count} listings to go`))
    progress.end()
    if (waiting > 0) console.error(`Elasticsearch is behind: ${waiting} listings will reach it later.`)
    return done
  } finally {
    await follower.stop()
    await sql.end({ timeout: 5 })
  }
}
