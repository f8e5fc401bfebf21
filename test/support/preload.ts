/** Runs before every test file (bunfig.toml). What test files share ends here, after the last of them. */
import { afterAll } from 'bun:test'
import { stopServer } from './server.ts'
import { stopSharedElasticsearch } from './stores/elasticsearch.ts'

/** Jobs that still run get 10 s to end. */
const STOP_TIMEOUT_MS = 30_000

afterAll(stopServer, STOP_TIMEOUT_MS)
afterAll(stopSharedElasticsearch, STOP_TIMEOUT_MS)
