/** The bodies of responses, by the types that `bun install` generates from docs/openapi.json. */
export type {
  Cart,
  CartItemAdded,
  CartLine,
  Category,
  Checkout,
  Favorite,
  LiveSession,
  Order,
  OrderEvent,
  Picture,
  Product,
  Review,
  SearchResult,
  Session,
  Shop,
  ShopStatistics,
  User,
} from '../../client/openapi.ts'

/** A page of any list. */
export type Page<T> = { items: T[]; next_cursor: string | null }
