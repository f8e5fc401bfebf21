import { describe, expect, test } from 'bun:test'
import { findMutant, mutants } from './mutants.ts'
import { runScenario } from './scenario.ts'
import { scenarios } from './scenarios.ts'

/** A fixed seed gives the same sequences in each run. `bun run prove` takes a random seed. */
const SEED = 42
/**
 * `kills` waits up to a minute until the interrupted checkouts are settled, and `payouts` up to three until a provider that never
 * answers is asked for the last time.
 */
const TIMEOUT_MS = 600_000

/** Runs the short form and returns the findings. */
async function findViolations(name: string, mutant_name: string | null = null, processes = 1): Promise<string[]> {
  const scenario = scenarios.find((one) => one.name === name)
  const mutant = mutant_name === null ? null : findMutant(mutant_name)
  if (!scenario || mutant === undefined) throw new Error(`There is no scenario ${name} or no mutant ${mutant_name}.`)
  const { findings } = await runScenario(scenario, { short: true, seed: SEED, processes, mutant, progress: () => {} })
  return findings
}

describe('with a tenth of each count', () => {
  for (const { name, claim } of scenarios)
    test(`${name}: ${claim}`, async () => expect(await findViolations(name)).toEqual([]), TIMEOUT_MS)
})

test(
  'last_item by two processes on one port',
  async () => expect(await findViolations('last_item', null, 2)).toEqual([]),
  TIMEOUT_MS,
)

describe('a scenario can fail', () => {
  for (const [mutant, scenario] of [
    ['stock_guard', 'last_item'],
    ['hold_check', 'last_item'],
    ['variant_guard', 'last_variant'],
    ['variant_holds', 'last_variant'],
    ['settle_once', 'webhooks'],
    ['webhook_dedupe', 'webhooks'],
    ['mail_memory', 'mails'],
    ['restock_once', 'model'],
    ['restock_guard', 'model'],
    ['stale_keys', 'fresh_pages'],
  ] as const)
    test(
      `${scenario} without ${findMutant(mutant)?.without}`,
      async () => expect(await findViolations(scenario, mutant)).not.toEqual([]),
      TIMEOUT_MS,
    )

  test('each mutant names existing scenarios', () => {
    const names = scenarios.map(({ name }) => name)
    for (const { killed_by } of mutants) expect(names).toEqual(expect.arrayContaining(killed_by))
  })
})
