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
  Product,
  Refund,
  RefundInput,
  Review,
  SavedAddress,
  SearchResult,
  SecondFactor,
  Session,
  Shipment,
  Shop,
  ShopStatistics,
  User,
} from '../../client/openapi.ts'

/** A page of any list. */
export type Page<T> = { items: T[]; next_cursor: string | null }
