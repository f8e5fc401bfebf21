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
const outcome = fc.constantFrom('paid', 'paid', 'paid', 'declined', 'declined', 'unavailable', 'pending')
const move = fc.constantFrom('cancel', 'cancel', 'refund', 'ship', 'deliver', 'receive')
/** One of the two latest orders, so that several refunds and shipments meet in one. */
const recent = fc.nat({ max: 1 })
/** The place of a line in its order. */
const line = fc.nat({ max: 2 })
const quantity = fc.constantFrom(1, 1, 1, 2)
const restock = fc.constantFrom(null, null, true, false)
const part = fc.constantFrom('amount', 'amount', 'line', 'line', 'shipping', 'all')
const who = fc.constantFrom('buyer', 'seller', 'seller', 'stranger')

const command: fc.Arbitrary<Command> = fc.oneof(
  weigh(10, 'reserve', { buyer, product, quantity: fc.constantFrom(1, 1, 1, 1, 2, 3, 0) }),
  weigh(3, 'change', { buyer, product, quantity: fc.constantFrom(1, 2, 3) }),
  weigh(2, 'release', { buyer, product }),
  weigh(1, 'read', { buyer }),
  weigh(2, 'expire', {}),
  weigh(2, 'wait', { minutes: fc.constantFrom(4, 7, 16, 61) }),
  weigh(6, 'check_out', { buyer }),
  weigh(2, 'repeat', { back }),
  weigh(8, 'settle', { back, outcome }),
  weigh(7, 'move', { back, move, who }),
  weigh(14, 'refund_part', { back: recent, part, amount: fc.constantFrom(1, 99, 450, 2000), line, quantity, restock }),
  weigh(4, 'ship_line', { back: recent, line, quantity }),
  weigh(4, 'settle_refund', { back, outcome: fc.constantFrom('sent', 'refunded', 'failed') }),
  weigh(1, 'dispute', { back, status: fc.constantFrom('open', 'won') }),
)

function weigh<D extends Command['do'], T>(weight: number, name: D, fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return { weight, arbitrary: fc.record(fields).map((values) => ({ do: name, ...values })) }
}

/** Returns sequences of `length` commands. fast-check replaces commands by null before it changes one to shrink a sequence. */
export function commandSequences(length: number): fc.Arbitrary<(Command | null)[]> {
  return fc.array(fc.option(command, { nil: null, freq: 1_000_000 }), { minLength: length, maxLength: length })
}
