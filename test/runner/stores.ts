/** The stores and programs that `bun run test:all` finds or installs for its tests. */
import { findOrBuildK6 } from '../../loadtest/runner/k6.ts'
import { reportMissing } from '../support/requirements.ts'
import { findOrInstallRuntimes } from '../support/runtimes.ts'
import { clientGenerators } from '../support/stores/client_generators.ts'
import { debianProgram } from '../support/stores/debian.ts'
import { elasticsearch } from '../support/stores/elasticsearch.ts'
import { schemathesis } from '../support/stores/schemathesis.ts'
import type { Store, Variables } from '../support/stores/store.ts'
import { stripeMock } from '../support/stores/stripe_mock.ts'

const stores: Store[] = [
  debianProgram('chromium', 'CHROMIUM_PATH', 'chromium'),
  debianProgram('redis-server', 'REDIS_SERVER_PATH', 'redis-server'),
  debianProgram('postgresql-15', 'PG_CTL_15_PATH', 'postgresql-15'),
  debianProgram('haproxy', 'HAPROXY_PATH', 'haproxy'),
  debianProgram('pgbouncer', 'PGBOUNCER_PATH', 'pgbouncer'),
  debianProgram('promtool', 'PROMTOOL_PATH', 'prometheus'),
  stripeMock,
  elasticsearch,
  schemathesis,
  clientGenerators,
  { name: 'deno', provide: provideRuntimes },
  { name: 'k6', provide: async () => ((await findOrBuildK6()) ? {} : null) },
]

/** Finds or installs each store and sets its variables in this process, from which the tests inherit. Reports a missing store. */
export async function provideStores(ended: AbortSignal): Promise<void> {
  for (const { name, provide } of stores) {
    if (ended.aborted) return
    const variables = await provide()
    if (variables) Object.assign(process.env, variables)
    else reportMissing(name)
  }
}

/** npm installs Node and Deno. Without npm or its registry they are missing. */
async function provideRuntimes(): Promise<Variables | null> {
  try {
    findOrInstallRuntimes()
    return {}
  } catch (error) {
    console.log((error as Error).message)
    return null
  }
}
