import fc from 'fast-check'
import type { Command } from './expected.ts'
import { type Item, world } from './state.ts'

const buyer = fc.nat({ max: world.buyers - 1 })
const product = fc.nat({ max: world.stock.length - 1 })
/**
 * The place of a key, checkout or order, counted from the latest at that time: a failing sequence still fails when the shrinking
 * removes earlier commands.
 */
const back = fc.constantFrom(0, 0, 0, 0, 1, 1, 2, 5)
const outcome = fc.constantFrom('paid', 'paid', 'paid', 'declined', 'declined', 'unavailable', 'pending')
const move = fc.constantFrom('cancel', 'cancel', 'refund', 'ship', 'deliver', 'receive')
/** One of the two latest orders, so that several refunds and shipments meet in one. */
const recent = fc.constantFrom(0, 0, 1)
/** The place of a line in its order. */
const line = fc.nat({ max: 2 })
const quantity = fc.constantFrom(1, 1, 1, 2)
const restock = fc.constantFrom(null, null, true, false)
const part = fc.constantFrom('amount', 'amount', 'line', 'line', 'shipping', 'all')
const who = fc.constantFrom('buyer', 'seller', 'seller', 'stranger')

const shop_item = (product: number, variants: (number | null)[], texts: (string | null)[]): fc.Arbitrary<Item> =>
  fc.record({ product: fc.constant(product), variant: fc.constantFrom(...variants), text: fc.constantFrom(...texts) })
const item = fc.oneof(
  { weight: 5, arbitrary: fc.nat({ max: 4 }).map((product): Item => ({ product, variant: null, text: null })) },
  { weight: 2, arbitrary: shop_item(3, [null], [null, 'Ann', 'Bob']) },
  { weight: 3, arbitrary: shop_item(5, [0, 1, 0, 1, null], [null]) },
  { weight: 4, arbitrary: shop_item(6, [2, 3, 3], ['Ann', 'Bob']) },
  {
    weight: 1,
    arbitrary: fc.record({ product, variant: fc.constantFrom(null, 0, 3), text: fc.constantFrom(null, 'Ann', 'Bob') }),
  },
)
const cart_line = { buyer, is_foreign: fc.constantFrom(false, false, false, true), line: fc.nat({ max: 3 }) }
const variant = fc.nat({ max: world.variants.length - 1 })
const varied = fc.constantFrom(5, 6, 5, 6, 5, 6, 0)
const price = fc.constantFrom(500, 800, 1200)
const units = fc.constantFrom(0, 1, 1, 2, 4)

const command: fc.Arbitrary<Command> = fc.oneof(
  weigh(20, 'reserve', { buyer, item, quantity: fc.constantFrom(1, 1, 1, 1, 1, 1, 2, 2, 3, 0) }),
  weigh(2, 'change', { buyer, product, quantity: fc.constantFrom(1, 2, 3) }),
  weigh(2, 'change_line', { ...cart_line, quantity: fc.constantFrom(1, 2, 3) }),
  weigh(1, 'release', { buyer, product }),
  weigh(1, 'release_line', cart_line),
  weigh(1, 'read', { buyer }),
  weigh(1, 'expire', {}),
  weigh(1, 'wait', { minutes: fc.constantFrom(4, 7, 16, 61) }),
  weigh(7, 'check_out', { buyer }),
  weigh(2, 'repeat', { back }),
  weigh(9, 'settle', { back, outcome }),
  weigh(7, 'move', { back, move, who }),
  weigh(14, 'refund_part', { back: recent, part, amount: fc.constantFrom(1, 99, 450, 2000), line, quantity, restock }),
  weigh(4, 'ship_line', { back: recent, line, quantity }),
  weigh(4, 'settle_refund', { back, outcome: fc.constantFrom('sent', 'refunded', 'failed') }),
  weigh(1, 'dispute', { back, status: fc.constantFrom('open', 'won') }),
  weigh(1, 'set_stock', { product, quantity: units }),
  weigh(1, 'set_price', { product: varied, price }),
  weigh(1, 'set_variant_stock', { variant, quantity: units }),
  weigh(1, 'set_variant_price', { variant, price: fc.option(price) }),
  weigh(1, 'archive_variant', { variant }),
  weigh(2, 'switch_stock', { product: varied, stock_by: fc.constant('variant' as const), quantities: fc.tuple(units, units) }),
  weigh(1, 'switch_stock', { product: varied, stock_by: fc.constant('product' as const), quantity: fc.option(units) }),
)

function weigh<D extends Command['do'], T>(weight: number, name: D, fields: { [K in keyof T]: fc.Arbitrary<T[K]> }) {
  return { weight, arbitrary: fc.record(fields).map((values) => ({ do: name, ...values })) }
}

/** Returns sequences of `length` commands. fast-check replaces commands by null before it changes one to shrink a sequence. */
export function commandSequences(length: number): fc.Arbitrary<(Command | null)[]> {
  return fc.array(fc.option(command, { nil: null, freq: 1_000_000 }), { minLength: length, maxLength: length })
}
