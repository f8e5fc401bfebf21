/**
 * `bun bench/uncached_server.ts`: the API's reads without any cache, for comparison. Reads DATABASE_URL and PORT. With REDIS_URL
 * it counts its rate limits there, like the service.
 */
import pino from 'pino'
import { openPool } from '../src/platform/db/client.ts'
import { connectRedis } from '../src/platform/kv/redis.ts'
import { serve } from '../src/serve.ts'
import { openUncachedApp } from '../test/support/uncached_app.ts'

/** The service has the same number of connections (src/service.ts). */
const POOL_SIZE = 10

const { DATABASE_URL = '', REDIS_URL, PORT = '0' } = process.env
const sql = openPool(DATABASE_URL, { max: POOL_SIZE, name: 'stallwright bench', statement_timeout_ms: 3000 })
const redis = REDIS_URL ? connectRedis(REDIS_URL, pino({ level: 'silent' })) : null
const { app, stop } = await openUncachedApp(sql, { redis })
const server = await serve(app.fetch, { port: Number(PORT) })
process.on('SIGTERM', async () => {
  await server.stop()
  await stop()
  redis?.disconnect()
  await sql.end({ timeout: 5 })
  process.exit(0)
})
console.log(`Without a cache: serves on ${server.url} now`)
