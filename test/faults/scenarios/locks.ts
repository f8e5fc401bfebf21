import type { Scenario } from '../scenario.ts'
import { hasRedis } from '../servers/servers.ts'
import { tryKills } from './kills.ts'
import { tryLastItem } from './last_item.ts'
import { tryMixedLoad } from './mixed_load.ts'
import { tryRound } from './same_key.ts'
import { tryWebhooks } from './webhooks.ts'

export const locks: Scenario = {
  name: 'locks',
  claim: 'No rule needs a lock in Redis: with each of them granted to everybody, all of the above still holds',
  test: async (run) => {
    if (!hasRedis(run, 'everything with locks that are always granted')) return 'not tried'
    const parts = [
      `same_key: ${await tryRound(run, 'lockless', 'calm')}`,
      `last_item: ${await tryLastItem(run, 'lockless')}`,
      `mixed_load: ${await tryMixedLoad(run, 'lockless')}`,
      `webhooks: ${await tryWebhooks(run, 'lockless')}`,
    ]
    // The start of a process takes nearly all the time of a kill, so the short form leaves the kills to the scenario `kills`.
    if (!run.short) parts.push(`kills: ${await tryKills(run, 'lockless')}`)
    return parts.join('; ')
  },
}
