/** What the seller changes in the model: stock, prices, variants for sale, and whose stock they take. */
import { type Line, type Model, priceOf, productOf, quantityOf, type Variant, variantOf, variantsOf } from './state.ts'

/** `quantities`: by variant of the run, and the stock of the listing for `stock_by` product, where null leaves the sum. */
export type SellerCommand =
  | { do: 'set_stock'; product: number; quantity: number }
  | { do: 'set_price'; product: number; price: number }
  | { do: 'set_variant_stock'; variant: number; quantity: number }
  | { do: 'set_variant_price'; variant: number; price: number | null }
  | { do: 'archive_variant'; variant: number }
  | { do: 'switch_stock'; product: number; stock_by: 'variant'; quantities: number[] }
  | { do: 'switch_stock'; product: number; stock_by: 'product'; quantity: number | null }

/** The rules of holds. */
type Holds = { isHeld: (line: Line) => boolean; endHold: (line: Line) => void }

export function expectOfSeller(model: Model, command: SellerCommand, holds: Holds): string {
  switch (command.do) {
    case 'set_stock':
      if (productOf(model, command.product).stock_by === 'variant') return 'SWINV'
      productOf(model, command.product).quantity = command.quantity
      return 'ok'
    case 'set_price':
      productOf(model, command.product).price = command.price
      return 'ok'
    case 'switch_stock':
      return switchStock(model, command, holds)
    default: {
      const variant = variantOf(model, command.variant)
      return !variant || variant.is_archived ? 'SWNTF' : changeVariant(model, variant, command, holds)
    }
  }
}

function changeVariant(
  model: Model,
  variant: Variant,
  command: Extract<SellerCommand, { variant: number }>,
  { isHeld, endHold }: Holds,
): string {
  if (command.do === 'set_variant_price') {
    // The price that a variant shows is no change.
    if (command.price !== priceOf(model, variant.product, command.variant)) variant.price = command.price
  } else if (command.do === 'set_variant_stock') {
    if (variant.quantity === null) return 'SWINV'
    variant.quantity = command.quantity
  } else {
    if (model.lines.some((line) => line.variant === command.variant && isHeld(line))) return 'SWHLD'
    if (linesInPayment(model).some((line) => line.variant === command.variant)) return 'SWHLD'
    const product = productOf(model, variant.product)
    const quantity = quantityOf(model, variant.product)
    variant.is_archived = true
    // After the last variant the listing sells what that one had.
    if (variantsOf(model, variant.product).length > 0) return 'ok'
    Object.assign(product, { stock_by: 'product', quantity })
    const lines = model.lines.filter((line) => line.product === variant.product)
    for (const line of lines) if (line.until !== null) endHold(line)
    for (const line of lines) line.stock = null
  }
  return 'ok'
}

function switchStock(model: Model, command: Extract<SellerCommand, { do: 'switch_stock' }>, { isHeld, endHold }: Holds): string {
  const product = productOf(model, command.product)
  const offered = variantsOf(model, command.product)
  const lines = model.lines.filter((line) => line.product === command.product)
  if (command.stock_by === 'variant' && (product.stock_by === 'variant' || offered.length === 0)) return 'SWINV'
  if (command.stock_by !== product.stock_by) {
    if (lines.some(isHeld) || linesInPayment(model).some(({ product }) => product === command.product)) return 'SWHLD'
    for (const line of lines) if (line.until !== null) endHold(line)
    product.quantity = quantityOf(model, command.product)
    product.stock_by = command.stock_by
    for (const [place, variant] of offered.entries())
      Object.assign(variantOf(model, variant) as Variant, {
        quantity: command.stock_by === 'variant' ? (command.quantities[place] ?? 0) : null,
      })
    for (const line of lines) if (line.variant !== null) line.stock = command.stock_by === 'variant' ? line.variant : null
  }
  if (command.stock_by === 'product') product.quantity = command.quantity ?? product.quantity
  return 'ok'
}

/** The lines of pending checkouts, whose units can return to their stock. */
const linesInPayment = (model: Model): Line[] =>
  model.checkouts.flatMap(({ status, lines }) => (status === 'pending' ? lines : []))

const OF_SELLER: string[] = [
  'set_stock',
  'set_price',
  'set_variant_stock',
  'set_variant_price',
  'archive_variant',
  'switch_stock',
] satisfies SellerCommand['do'][]
export const isOfSeller = (command: { do: string }): boolean => OF_SELLER.includes(command.do)
