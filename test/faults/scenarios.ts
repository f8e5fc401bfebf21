import type { Scenario } from './scenario.ts'
import { actions } from './scenarios/actions.ts'
import { elasticsearchAway } from './scenarios/elasticsearch_away.ts'
import { failover } from './scenarios/failover.ts'
import { freshPages } from './scenarios/fresh_pages.ts'
import { kills } from './scenarios/kills.ts'
import { lastItem } from './scenarios/last_item.ts'
import { lastVariant } from './scenarios/last_variant.ts'
import { locks } from './scenarios/locks.ts'
import { mails } from './scenarios/mails.ts'
import { manyProcesses } from './scenarios/many_processes.ts'
import { mixedLoad } from './scenarios/mixed_load.ts'
import { model } from './scenarios/model.ts'
import { overload } from './scenarios/overload.ts'
import { payouts } from './scenarios/payouts.ts'
import { postgresAway } from './scenarios/postgres_away.ts'
import { readYourWrites } from './scenarios/read_your_writes.ts'
import { redisAway } from './scenarios/redis_away.ts'
import { refunds } from './scenarios/refunds.ts'
import { rollingRestart } from './scenarios/rolling_restart.ts'
import { sameKey } from './scenarios/same_key.ts'
import { searchCluster } from './scenarios/search_cluster.ts'
import { soak } from './scenarios/soak.ts'
import { stampede } from './scenarios/stampede.ts'
import { webhooks } from './scenarios/webhooks.ts'

/** Every scenario, in the order in which the scenarios run. */
export const scenarios: Scenario[] = [
  sameKey,
  lastItem,
  lastVariant,
  mixedLoad,
  kills,
  webhooks,
  refunds,
  payouts,
  actions,
  mails,
  model,
  locks,
  stampede,
  freshPages,
  redisAway,
  elasticsearchAway,
  searchCluster,
  postgresAway,
  failover,
  readYourWrites,
  rollingRestart,
  manyProcesses,
  overload,
  soak,
]
