import { PgBoss } from 'pg-boss'
import { DEAD_LETTER_OPTIONS, DEAD_LETTERS, queues } from './queues.ts'

/** Installs or upgrades pg-boss's own schema. Creates or updates the queues of `queues.ts`. */
export async function installQueues(url: string): Promise<void> {
  const boss = new PgBoss({ connectionString: url, max: 1, supervise: false, schedule: false })
  // Without a listener an error event ends the process.
  boss.on('error', () => {})
  await boss.start()
  try {
    const known = new Set((await boss.getQueues()).map((queue) => queue.name))
    if (!known.has(DEAD_LETTERS)) await boss.createQueue(DEAD_LETTERS, DEAD_LETTER_OPTIONS)
    for (const [name, options] of Object.entries(queues)) {
      const whole = { ...options, deadLetter: DEAD_LETTERS }
      if (known.has(name)) await boss.updateQueue(name, whole)
      else await boss.createQueue(name, whole)
    }
  } finally {
    await boss.stop({ graceful: false, close: true })
  }
}
