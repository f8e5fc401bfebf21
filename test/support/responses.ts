/** The bodies of responses, by the types that `bun install` generates from docs/openapi.json. */
export type {
  Cart,
  CartItemAdded,
  CartLine,
  Category,
  Checkout,
  Favorite,
  LineUnits,
  LiveSession,
  Order,
  OrderEvent,
  Picture,
  ProcessingProfile,
  Product,
  Refund,
  RefundInput,
  Review,
  SavedAddress,
  SearchResult,
  SecondFactor,
  Section,
  Session,
  Shipment,
  ShippingProfile,
  Shop,
  ShopStatistics,
  User,
  Variant,
  VariantQuantity,
} from '../../client/openapi.ts'

/** A page of any list. */
export type Page<T> = { items: T[]; next_cursor: string | null }
