import { Type } from '@sinclair/typebox'
import { Id, Money, OneOf, PriceInput, ShopSummary, Strict, Timestamp, Url, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'
import { Nullable } from '../../platform/db/types.ts'
import { LISTING } from './limits.ts'

const Quantity = Type.Integer({
  minimum: 0,
  maximum: LISTING.quantity,
  description: 'The stock on hand. 1 for a one-of-a-kind item.',
  examples: [1],
})
const Tags = Type.Array(withExample(Text(1, LISTING.tag), 'stoneware'), { maxItems: LISTING.tags, uniqueItems: true })
const Images = Type.Array(Url, { maxItems: LISTING.images, uniqueItems: true })
const Sku = withExample(Text(1, LISTING.sku, "The seller's own reference, unique within the shop."), 'BOWL-7')
const WhoMade = OneOf(['i_did', 'someone_else', 'collective'])
/** A year, a decade (`1800s` is a century), a range, before a year, or made to order. */
const WhenMade = Type.String({
  pattern: '^(made_to_order|\\d{4}|\\d{3}0s|\\d{4}[-_]\\d{4}|before_\\d{4})$',
  hint: 'must be a year such as "1965", a decade such as "1960s", a range such as "1960-1969", "before_1900" or "made_to_order"',
  description: 'A year, a decade, a range of years, "before_1900" or "made_to_order". Vintage is at least 20 years old.',
  examples: ['made_to_order', '1965', '1960s', '1960-1969', 'before_1900'],
})

export const ProductInput = Strict(
  {
    title: withExample(Text(1, LISTING.title), 'A blue bowl'),
    description: Type.Optional(withExample(Text(0, LISTING.description), 'Thrown by hand, glazed twice.')),
    price: PriceInput,
    quantity: Type.Optional(Quantity),
    category_id: Id,
    tags: Type.Optional(Tags),
    images: Type.Optional(Images),
    is_vintage: Type.Optional(withExample(Type.Boolean(), false)),
    sku: Type.Optional(Nullable(Sku)),
    who_made: Type.Optional(Nullable(WhoMade)),
    when_made: Type.Optional(Nullable(WhenMade)),
  },
  { $id: 'ProductInput' },
)

export const ProductChanges = Type.Partial(ProductInput, { $id: 'ProductChanges', additionalProperties: false, minProperties: 1 })

export const ProductState = OneOf(['active', 'sold_out', 'archived'])
export const QuantityInput = Strict({ quantity: Quantity }, { $id: 'QuantityInput' })
export const ProductQuantity = Strict(
  { product_id: Id, quantity: withExample(Type.Integer(), 1), state: ProductState },
  { $id: 'ProductQuantity' },
)

export const Product = Strict(
  {
    id: Id,
    sku: Nullable(withExample(Type.String(), 'BOWL-7')),
    shop: ShopSummary,
    title: withExample(Type.String(), 'A blue bowl'),
    description: withExample(Type.String(), 'Thrown by hand, glazed twice.'),
    price: Money,
    quantity: withExample(Type.Integer(), 1),
    state: ProductState,
    category_id: Nullable(Id),
    tags: Type.Array(withExample(Type.String(), 'stoneware')),
    images: Type.Array(withExample(Type.String(), 'https://example.com/bowl.jpg')),
    is_vintage: withExample(Type.Boolean(), false),
    who_made: Nullable(WhoMade),
    when_made: Nullable(withExample(Type.String(), 'made_to_order')),
    favorites_count: Type.Integer({ minimum: 0, description: 'The number of accounts that like the product.', examples: [7] }),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { $id: 'Product' },
)
