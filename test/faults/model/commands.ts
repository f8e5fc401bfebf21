import fc from 'fast-check'
import type { Command } from './expected.ts'
import { world } from './state.ts'

const buyer = fc.nat({ max: world.buyers - 1 })
const product = fc.nat({ max: world.stock.length - 1 })
/**
 * The place of a key, checkout or order, counted from the latest at that time: a failing sequence still fails when the shrinking
 * removes earlier commands.
 */
const back = fc.nat({ max: 5 })

const command: fc.Arbitrary<Command> = fc.oneof(
  {
    weight: 10,
    arbitrary: fc.record({ do: fc.constant('reserve' as const), buyer, product, quantity: fc.constantFrom(1, 1, 1, 1, 2, 3, 0) }),
  },
  { weight: 3, arbitrary: fc.record({ do: fc.constant('change' as const), buyer, product, quantity: fc.constantFrom(1, 2, 3) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), buyer, product }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('read' as const), buyer }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('expire' as const) }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('wait' as const), minutes: fc.constantFrom(4, 7, 16, 61) }) },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('check_out' as const), buyer }) },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('repeat' as const), back }) },
  {
    weight: 8,
    arbitrary: fc.record({
      do: fc.constant('settle' as const),
      back,
      outcome: fc.constantFrom('paid', 'paid', 'paid', 'declined', 'declined', 'unavailable', 'pending'),
    }),
  },
  {
    weight: 7,
    arbitrary: fc.record({
      do: fc.constant('move' as const),
      back,
      move: fc.constantFrom('cancel', 'cancel', 'refund', 'refund', 'ship', 'deliver'),
      who: fc.constantFrom('buyer', 'seller', 'seller', 'stranger'),
    }),
  },
)

/** Returns sequences of `length` commands. fast-check replaces commands by null before it changes one to shrink a sequence. */
export function commandSequences(length: number): fc.Arbitrary<(Command | null)[]> {
  return fc.array(fc.option(command, { nil: null, freq: 1_000_000 }), { minLength: length, maxLength: length })
}
