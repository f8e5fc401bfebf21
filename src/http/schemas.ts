/** Schemas that several resources share. */
import { Kind, type Static, type TProperties, type TSchema, Type } from '@sinclair/typebox'
import { Nullable } from '../platform/db/types.ts'
import { HTTP_URL } from './formats.ts'

/** An object without unknown fields, in requests and in responses. */
export function Strict<P extends TProperties>(
  properties: P,
  options: { $id?: string; description?: string; minProperties?: number; not?: object } = {},
) {
  return Type.Object(properties, { additionalProperties: false, ...options })
}

/** Returns the schema with an example value. The examples of whole bodies in the document are built from these. */
export function withExample<T extends TSchema>(schema: T, example: Static<T>): T {
  return { ...schema, examples: [example] }
}

/**
 * Any id. It is `int64`, because generated clients read an integer without a format as 32 bits. The maximum is the largest
 * integer that JavaScript holds exactly. The example is 1, because the shipped catalog has a shop, a product and a category with
 * that id.
 */
export const Id = Type.Integer({ format: 'int64', minimum: 1, maximum: Number.MAX_SAFE_INTEGER, examples: [1] })
/** Ids of orders and checkouts begin with their month (`202611`), so they have 15 digits. */
export const OrderId = withExample(Id, 202611000100004)
export const CheckoutId = withExample(Id, 202611000100003)
export const IdParam = Strict({ id: Id })
export const OrderParam = Strict({ id: OrderId })
export const CheckoutParam = Strict({ id: CheckoutId })
export const Timestamp = Type.String({
  format: 'date-time',
  description: 'RFC 3339, UTC.',
  examples: ['2026-11-23T09:30:00.000Z'],
})
/** A time in a request. The year has four digits and is 1000 or later, which PostgreSQL supports too. */
export const TimestampInput = Type.String({
  format: 'date-time',
  pattern: '^[1-9]\\d{3}-.*Z$',
  hint: 'must be a time in RFC 3339 and UTC, such as "2026-11-23T00:00:00Z"',
  description: 'RFC 3339, UTC.',
  examples: ['2026-11-23T00:00:00Z'],
})
/** A day in a response. */
export const Day = Type.String({ format: 'date', description: 'A day in UTC.', examples: ['2026-11-23'] })
/** A day in a request, from the year 1000 on. */
export const DayInput = Type.String({
  format: 'date',
  pattern: '^[1-9]\\d{3}-\\d{2}-\\d{2}$',
  hint: 'must be a day of the calendar, such as "2026-11-23"',
  description: 'A day in UTC.',
  examples: ['2026-11-23'],
})
export const Url = Type.String({
  format: 'uri',
  pattern: HTTP_URL,
  hint: 'must be an http or https URL, percent-encoded where it is not ASCII',
  maxLength: 2000,
  examples: ['https://example.com/bowl.jpg'],
})

/** The mean of a shop's reviews, from 1 to 5. */
export const AverageRating = Type.Number({ examples: [4.8] })

/** A shop as a part of another resource. */
export const ShopSummary = Strict(
  {
    id: Id,
    name: withExample(Type.String(), 'Kiln & Loom'),
    rating: withExample(Nullable(AverageRating), 4.8),
    is_on_vacation: withExample(Type.Boolean({ description: 'While true, nothing of the shop can be ordered.' }), false),
    vacation_message: withExample(
      Nullable(Type.String({ description: 'The message about the vacation. The shop keeps it for the next one.' })),
      null,
    ),
  },
  { $id: 'ShopSummary' },
)

/** US dollars in a request: up to 99,999,999.99. */
export const MoneyInput = Type.String({
  pattern: '^\\d{1,8}(\\.\\d{1,2})?$',
  hint: 'must be a decimal string in US dollars with at most two decimals, such as "24.50"',
  description: 'US dollars as a decimal string with 0 to 2 decimals.',
  examples: ['24.50'],
})
/** US dollars in a response: always two decimals. */
export const Money = Type.String({
  pattern: '^\\d+\\.\\d{2}$',
  description: 'US dollars as a decimal string with 2 decimals.',
  examples: ['24.50'],
})

/** The amounts of a cart, a checkout or an order: total = subtotal - discount + shipping + tax. */
export const Amounts = {
  subtotal: Money,
  discount: withExample(Money, '0.00'),
  shipping: withExample(Money, '5.00'),
  tax: withExample(Money, '0.00'),
  total: withExample(Money, '29.50'),
}

/** A price is above 0. */
export const PriceInput = Type.String({
  pattern: '^(?!0+(\\.0{1,2})?$)\\d{1,8}(\\.\\d{1,2})?$',
  hint: 'must be a decimal string in US dollars above 0 with at most two decimals, such as "24.50"',
  description: 'US dollars above 0 as a decimal string with 0 to 2 decimals.',
  examples: ['24.50'],
})

/** A closed set of words. It becomes an `enum` in the document, which is shorter than a union of literals. */
export function OneOf<const W extends string[]>(words: W, options: { description?: string } = {}) {
  const pattern = `^(${words.join('|')})$`
  return Type.Unsafe<W[number]>({
    [Kind]: 'String',
    type: 'string',
    enum: words,
    pattern,
    hint: `must be one of ${words.join(', ')}`,
    ...options,
  })
}

/** The states of an order. */
export const OrderStatus = OneOf(['pending', 'paid', 'shipped', 'delivered', 'cancelled', 'refunded'])
