import { Type } from '@sinclair/typebox'
import { Id, Money, OneOf, PriceInput, ShopSummary, Strict, Timestamp, Url, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'
import { Nullable } from '../../platform/db/types.ts'
import { Country } from '../addresses/schemas.ts'
import { Delivery } from '../cart/schemas.ts'
import { Processing } from '../processing/schemas.ts'
import { LISTING } from './limits.ts'

export const Quantity = Type.Integer({
  minimum: 0,
  maximum: LISTING.quantity,
  description: 'The stock on hand. 1 for a one-of-a-kind item.',
  examples: [1],
})
const Tags = Type.Array(withExample(Text(1, LISTING.tag), 'stoneware'), { maxItems: LISTING.tags, uniqueItems: true })
export const Images = Type.Array(Url, { maxItems: LISTING.images, uniqueItems: true })
export const Sku = withExample(Text(1, LISTING.sku, "The seller's own reference, unique within the shop."), 'BOWL-7')
const Materials = Type.Array(withExample(Text(1, LISTING.material, 'What the item is made of.'), 'clay'), {
  maxItems: LISTING.materials,
  uniqueItems: true,
})
const ProcessingProfileId = withExample(
  Nullable({ ...Id, description: 'A processing profile of the shop. Null: the days of `shipping` of the shop, ready to ship.' }),
  null,
)
const VariantProfileId = withExample(
  Nullable({ ...Id, description: 'A processing profile of the shop. Null: that of the product.' }),
  null,
)
const SectionId = withExample(
  Nullable(Type.Integer({ ...Id, description: 'The section of the shop that shows the product, if any.' })),
  null,
)
const IsDraft = Type.Boolean({
  description:
    'Whether only its owner sees the product. `false` publishes a draft; a published product never becomes a draft again.',
  examples: [false],
})
const WhoMade = OneOf(['i_did', 'someone_else', 'collective'])
/** A year, a decade (`1800s` is a century), a range, before a year, or made to order. */
const WhenMade = Type.String({
  pattern: '^(made_to_order|\\d{4}|\\d{3}0s|\\d{4}[-_]\\d{4}|before_\\d{4})$',
  hint: 'must be a year such as "1965", a decade such as "1960s", a range such as "1960-1969", "before_1900" or "made_to_order"',
  description: 'A year, a decade, a range of years, "before_1900" or "made_to_order". Vintage is at least 20 years old.',
  examples: ['made_to_order', '1965', '1960s', '1960-1969', 'before_1900'],
})

const OptionName = withExample(Text(1, LISTING.option_name, 'It has no colon.'), 'Size')
const OptionValue = withExample(Text(1, LISTING.option_value), 'M')
export const OptionValues = Type.Array(OptionValue, {
  minItems: 1,
  maxItems: LISTING.options,
  description: 'One value of each option, in the order of the options.',
})

/** What a buyer chooses of a listing, such as its size. */
export const ProductOption = Strict(
  {
    name: OptionName,
    values: Type.Array(OptionValue, { minItems: 1, maxItems: LISTING.option_values, uniqueItems: true, examples: [['S', 'M']] }),
  },
  { $id: 'ProductOption', description: 'Names of options, and values of an option, that differ in case alone are equal.' },
)

export const StockBy = OneOf(['product', 'variant'], {
  description:
    'Whose stock a sale takes. `product`: one stock for all variants, such as one painting, framed or unframed. `variant`: each ' +
    'variant has its own `quantity`, and the `quantity` of the product is their sum.',
})

/** What the buyer can write to be put on the item. */
export const Personalization = Strict(
  {
    instructions: withExample(Text(1, LISTING.instructions, 'What the buyer reads beside the field.'), 'The name for the mug'),
    is_required: withExample(Type.Boolean(), false),
    max_length: Type.Integer({ minimum: 1, maximum: LISTING.personalization, examples: [40] }),
  },
  { $id: 'Personalization' },
)

const BasePrice = withExample(
  Nullable({
    ...Money,
    description: 'The price of the variants without one of their own, in US dollars. Null for a product without variants.',
  }),
  null,
)
const OwnPrice = withExample(
  Nullable({ ...Money, description: 'The price of the variant alone. Null: its price is the `base_price` of the product.' }),
  null,
)

export const VariantInput = Strict(
  {
    option_values: OptionValues,
    sku: Type.Optional(Nullable(Sku)),
    price: Type.Optional(Nullable(PriceInput)),
    quantity: Type.Optional(Quantity),
    images: Type.Optional(Images),
    processing_profile_id: Type.Optional(VariantProfileId),
  },
  { $id: 'VariantInput' },
)

export const Variant = Strict(
  {
    id: Id,
    product_id: Id,
    option_values: Type.Array(withExample(Type.String(), 'M')),
    sku: Nullable(withExample(Type.String(), 'BOWL-7-M')),
    price: { ...Money, description: 'What the variant costs, in US dollars with 2 decimals.' },
    own_price: OwnPrice,
    quantity: Nullable(
      Type.Integer({ description: 'Its own stock on hand; null where `stock_by` is `product`.', examples: [1] }),
    ),
    images: Type.Array(withExample(Type.String(), 'https://example.com/bowl-m.jpg')),
    processing_profile_id: VariantProfileId,
  },
  { $id: 'Variant' },
)

const ShippingProfileId = withExample(
  Nullable(
    Type.Integer({
      ...Id,
      description: 'A shipping profile of the shop, for the postage by destination. Null: the default profile of the shop.',
    }),
  ),
  null,
)

/** Both take the one stock of the product, so they have none of their own. */
const VARIANTS = [{ option_values: ['S'] }, { option_values: ['M'], price: '29.50' }]

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
    section_id: Type.Optional(SectionId),
    is_draft: Type.Optional(IsDraft),
    options: Type.Optional(Type.Array(ProductOption, { maxItems: LISTING.options })),
    variants: Type.Optional(Type.Array(VariantInput, { maxItems: LISTING.variants, examples: [VARIANTS] })),
    stock_by: Type.Optional(StockBy),
    personalization: Type.Optional(Nullable(Personalization)),
    materials: Type.Optional(Materials),
    processing_profile_id: Type.Optional(ProcessingProfileId),
    shipping_profile_id: Type.Optional(ShippingProfileId),
  },
  { $id: 'ProductInput' },
)

const VariantStock = Strict({ variant_id: Id, quantity: Quantity }, { $id: 'VariantStock' })

export const ProductChanges = Type.Partial(
  Type.Composite([
    Type.Omit(ProductInput, ['variants']),
    Strict({
      base_price: withExample(
        Nullable({
          ...PriceInput,
          description:
            'The price of the variants without one of their own, in US dollars above 0. It goes before `price`. Null changes nothing.',
        }),
        null,
      ),
      variant_quantities: Type.Array(VariantStock, {
        maxItems: LISTING.variants,
        description: 'The stock of each variant, with a change of `stock_by` to `variant`.',
      }),
    }),
  ]),
  { $id: 'ProductChanges', additionalProperties: false, minProperties: 1 },
)

export const ProductState = OneOf(['active', 'sold_out', 'archived', 'draft'])
export const QuantityInput = Strict({ quantity: Quantity }, { $id: 'QuantityInput' })
export const ProductQuantity = Strict(
  { product_id: Id, quantity: withExample(Type.Integer(), 1), state: ProductState },
  { $id: 'ProductQuantity' },
)

export const PostageQuery = Strict({
  country: Type.Optional({ ...Country, description: 'Where it goes, ISO 3166-1 alpha-2. Without it, the world.' }),
  variant_id: Type.Optional({ ...Id, description: 'The chosen variant, if the listing has some.' }),
})
export const Postage = Strict(
  {
    product_id: Id,
    country: Nullable(Country),
    is_shippable: withExample(Type.Boolean({ description: 'Whether the shop sends the product there.' }), true),
    shipping: Nullable({ ...Money, description: 'The postage of one unit; null if it is not sent there.' }),
    per_extra_item: Nullable({ ...Money, description: 'The postage of each further unit of the order.' }),
    delivery: Nullable(Delivery),
  },
  { $id: 'Postage' },
)

export const Product = Strict(
  {
    id: Id,
    sku: Nullable(withExample(Type.String(), 'BOWL-7')),
    shop: ShopSummary,
    title: withExample(Type.String(), 'A blue bowl'),
    description: withExample(Type.String(), 'Thrown by hand, glazed twice.'),
    price: { ...Money, description: 'US dollars with 2 decimals. With variants, the lowest of their prices.' },
    price_max: { ...Money, description: 'US dollars with 2 decimals. With variants, the highest of their prices.' },
    base_price: BasePrice,
    quantity: withExample(Type.Integer(), 1),
    stock_by: StockBy,
    state: ProductState,
    is_draft: IsDraft,
    category_id: Nullable(Id),
    section_id: SectionId,
    tags: Type.Array(withExample(Type.String(), 'stoneware')),
    images: Type.Array(withExample(Type.String(), 'https://example.com/bowl.jpg')),
    is_vintage: withExample(Type.Boolean(), false),
    who_made: Nullable(WhoMade),
    when_made: Nullable(withExample(Type.String(), 'made_to_order')),
    options: Type.Array(ProductOption),
    variants: Nullable(
      Type.Array(Variant, {
        description: 'The choices of a buyer. Lists of products show null for a product with variants, and `[]` for others.',
      }),
    ),
    personalization: Nullable(Personalization),
    materials: Type.Array(withExample(Type.String(), 'clay')),
    processing: Processing,
    processing_profile_id: ProcessingProfileId,
    shipping_profile_id: ShippingProfileId,
    favorites_count: Type.Integer({ minimum: 0, description: 'The number of accounts that like the product.', examples: [7] }),
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { $id: 'Product' },
)
