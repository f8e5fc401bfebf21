import { Type } from '@sinclair/typebox'
import { Id, Strict, withExample } from '../../http/schemas.ts'
import { StockBy, VariantInput } from '../products/schemas.ts'

/** Changed fields of a variant. */
export const VariantChanges = Type.Partial(VariantInput, { $id: 'VariantChanges', additionalProperties: false, minProperties: 1 })

export const VariantQuantity = Strict(
  { variant_id: Id, product_id: Id, stock_by: StockBy, quantity: withExample(Type.Integer(), 1) },
  { $id: 'VariantQuantity' },
)
