import { describe, expect, test } from 'bun:test'
import { breaks, findBreak } from './breaks.ts'
import { proofs } from './proofs.ts'
import { tryProof, type Verdict } from './trial.ts'

/** A fixed seed gives the same sequences in each run. `bun run prove` takes a random seed. */
const SEED = 42
/** `kills` waits up to a minute until the interrupted checkouts are settled. */
const TIMEOUT_MS = 300_000

const tryShort = (name: string, broken: string | null = null, processes = 1): Promise<Verdict> => {
  const proof = proofs.find((one) => one.name === name)
  if (!proof) throw new Error(`There is no proof ${name}.`)
  return tryProof(proof, {
    short: true,
    seed: SEED,
    processes,
    broken: broken === null ? null : (findBreak(broken) ?? null),
    progress: () => {},
  })
}

describe('with a tenth of each count', () => {
  for (const { name, claim } of proofs)
    test(
      `${name}: ${claim}`,
      async () => {
        const { findings } = await tryShort(name)
        expect(findings).toEqual([])
      },
      TIMEOUT_MS,
    )
})

test(
  'last_item by two processes on one port',
  async () => {
    const { findings } = await tryShort('last_item', null, 2)
    expect(findings).toEqual([])
  },
  TIMEOUT_MS,
)

describe('a proof can fail', () => {
  for (const [broken, proof] of [
    ['stock_guard', 'last_item'],
    ['hold_check', 'last_item'],
    ['settle_once', 'webhooks'],
    ['webhook_dedupe', 'webhooks'],
    ['restock_once', 'model'],
    ['stale_keys', 'fresh_pages'],
  ] as const)
    test(
      `without ${findBreak(broken)?.without} ${proof} does`,
      async () => {
        const { findings } = await tryShort(proof, broken)
        expect(findings).not.toEqual([])
      },
      TIMEOUT_MS,
    )

  test('each sabotage names proofs that there are', () => {
    const names = proofs.map(({ name }) => name)
    for (const { noticed_by } of breaks) for (const proof of noticed_by) expect(names).toContain(proof)
  })
})
