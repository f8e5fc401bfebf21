import { elasticsearchAway } from './elasticsearch_away.ts'
import { failover } from './failover.ts'
import { freshPages } from './fresh_pages.ts'
import { kills } from './kills.ts'
import { lastItem } from './last_item.ts'
import { locks } from './locks.ts'
import { manyProcesses } from './many_processes.ts'
import { mixedLoad } from './mixed_load.ts'
import { model } from './model.ts'
import { overload } from './overload.ts'
import { postgresAway } from './postgres_away.ts'
import { readYourWrites } from './read_your_writes.ts'
import { redisAway } from './redis_away.ts'
import { rollingRestart } from './rolling_restart.ts'
import { sameKey } from './same_key.ts'
import { searchCluster } from './search_cluster.ts'
import { soak } from './soak.ts'
import { stampede } from './stampede.ts'
import type { Proof } from './trial.ts'
import { webhooks } from './webhooks.ts'

/** Every proof, in the order in which the proofs run. */
export const proofs: Proof[] = [
  sameKey,
  lastItem,
  mixedLoad,
  kills,
  webhooks,
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
