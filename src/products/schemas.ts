import { Type } from '@sinclair/typebox'
import { Id, Money, Nullable, OneOf, PriceInput, Strict, Timestamp, Url } from '../http/schemas.ts'
import { Text } from '../http/text.ts'

const Quantity = Type.Integer({ minimum: 0, maximum: 1_000_000, description: 'Stock on hand; 1 for what exists once.' })
const Tags = Type.Array(Text(1, 50), { maxItems: 13 })
const Images = Type.Array(Url, { maxItems: 10 })
const Sku = Text(1, 100, "The seller's own reference, unique in the shop.")
const WhoMade = OneOf(['i_did', 'someone_else', 'collective'])
const WhenMade = Text(1, 40, 'A year or a range of years, such as "1965" or "1960-1969".')

export const NewProduct = Strict({
  title: Text(1, 200),
  description: Type.Optional(Text(0, 20_000)),
  price: PriceInput,
  quantity: Type.Optional(Quantity),
  category_id: Id,
  tags: Type.Optional(Tags),
  images: Type.Optional(Images),
  is_vintage: Type.Optional(Type.Boolean()),
  sku: Type.Optional(Nullable(Sku)),
  who_made: Type.Optional(Nullable(WhoMade)),
  when_made: Type.Optional(Nullable(WhenMade)),
})

export const ProductChanges = Type.Partial(NewProduct, { additionalProperties: false, minProperties: 1 })

export const Product = Strict(
  {
    id: Id,
    sku: Nullable(Type.String()),
    shop: Strict({ id: Id, name: Type.String(), rating: Nullable(Type.Number()) }),
    title: Type.String(),
    description: Type.String(),
    price: Money,
    quantity: Type.Integer(),
    state: OneOf(['active', 'sold_out', 'archived']),
    category_id: Nullable(Id),
    tags: Type.Array(Type.String()),
    images: Type.Array(Type.String()),
    is_vintage: Type.Boolean(),
    who_made: Nullable(WhoMade),
    when_made: Nullable(Type.String()),
    favorites_count: Type.Integer({ minimum: 0, description: 'How many people like it.' }),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { $id: 'Product' },
)
