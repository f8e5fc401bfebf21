import type { Scenario } from '../scenario.ts'
import { testKills } from './kills.ts'
import { testLastItem } from './last_item.ts'
import { testMixedLoad } from './mixed_load.ts'
import { testRound } from './same_key.ts'
import { testWebhooks } from './webhooks.ts'

export const locks: Scenario = {
  name: 'locks',
  claim: 'No rule needs a lock in Redis: if Redis grants every lock to every caller, the rules of the scenarios above still hold',
  needs: ['redis-server'],
  test: async (run) => {
    const parts = [
      `same_key: ${await testRound(run, 'lockless', 'calm')}`,
      `last_item: ${await testLastItem(run, 'lockless')}`,
      `mixed_load: ${await testMixedLoad(run, 'lockless')}`,
      `webhooks: ${await testWebhooks(run, 'lockless')}`,
    ]
    // The start of a process takes nearly all the time of a kill, so the short form leaves the kills to the scenario `kills`.
    if (!run.short) parts.push(`kills: ${await testKills(run, 'lockless')}`)
    return parts.join('; ')
  },
}
