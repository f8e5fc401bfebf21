import { tryKills } from './kills.ts'
import { tryLastItem } from './last_item.ts'
import { tryMixedLoad } from './mixed_load.ts'
import { tryWeather } from './same_key.ts'
import { hasRedis } from './stage/stage.ts'
import type { Proof } from './trial.ts'
import { tryWebhooks } from './webhooks.ts'

export const locks: Proof = {
  name: 'locks',
  claim: 'No rule needs a lock in Redis: with each of them granted to everybody, all of the above still holds',
  run: async (trial) => {
    if (!hasRedis(trial, 'everything with locks that are always granted')) return 'not tried'
    const parts = [
      `same_key: ${await tryWeather(trial, 'granting', 'calm')}`,
      `last_item: ${await tryLastItem(trial, 'granting')}`,
      `mixed_load: ${await tryMixedLoad(trial, 'granting')}`,
      `webhooks: ${await tryWebhooks(trial, 'granting')}`,
    ]
    // The start of a process takes nearly all the time of a kill, so the short form leaves the kills to the proof `kills`.
    if (!trial.short) parts.push(`kills: ${await tryKills(trial, 'granting')}`)
    return parts.join('; ')
  },
}
