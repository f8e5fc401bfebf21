/** Runs before the first test file (bunfig.toml), and stops what the files share after the last one. */
import { afterAll } from 'bun:test'
import { stopServer } from './server.ts'
import { stopSharedElasticsearch } from './stores/elasticsearch.ts'

/** Running jobs get 10 s to end. */
const STOP_TIMEOUT_MS = 30_000

// In a worker of `bun test --parallel` these hooks would run after every file. There test/runner/run.ts stops the shared servers.
if (!process.env.BUN_TEST_WORKER_ID) {
  afterAll(stopServer, STOP_TIMEOUT_MS)
  afterAll(stopSharedElasticsearch, STOP_TIMEOUT_MS)
}
