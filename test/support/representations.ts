/** The responses that the documentation of the API promises. They are separate from the code that makes the responses. */

export type User = { id: number; email: string; display_name: string; created_at: string }
export type Session = { token: string; expires_at: string; user: User }
export type LiveSession = { id: number; created_at: string; expires_at: string; current: boolean }
export type Page<T> = { items: T[]; next_cursor: string | null }
export type Category = { id: number; slug: string; name: string; children: Category[] }

/** The shop in the representation of something that belongs to it. */
export type ShopSummary = {
  id: number
  name: string
  rating: number | null
  is_on_vacation: boolean
  vacation_message: string | null
}

export type Shop = {
  id: number
  owner_id: number
  name: string
  description: string
  banner_url: string | null
  logo_url: string | null
  rating: number | null
  review_count: number
  sales_count: number
  favorites_count: number
  product_count: number
  is_on_vacation: boolean
  vacation_message: string | null
  shipping: { base: string; per_extra_item: string; processing_days_min: number; processing_days_max: number }
  created_at: string
}

export type Product = {
  id: number
  sku: string | null
  shop: ShopSummary
  title: string
  description: string
  price: string
  quantity: number
  state: 'active' | 'sold_out' | 'archived'
  category_id: number
  tags: string[]
  images: string[]
  is_vintage: boolean
  who_made: string | null
  when_made: string | null
  favorites_count: number
  created_at: string
  updated_at: string
}

export type CartLine = {
  line_id: number
  product_id: number
  title: string
  quantity: number
  unit_price: string
  price_when_added: string | null
  price_changed: { from: string; to: string } | null
  reserved_until: string | null
  available: boolean
  available_quantity: number
  unavailable_reason: string | null
}
export type CartShop = {
  shop: ShopSummary
  items: CartLine[]
  subtotal: string
  discount: string
  shipping: string
  tax: string
  total: string
}
export type Cart = {
  shops: CartShop[]
  subtotal: string
  discount: string
  shipping: string
  tax: string
  total: string
  lapsed: { product_id: number; title: string; lapsed_at: string }[]
}
export type Added = { success: boolean; reserved_until: string | null; line_id: number }

export type Order = {
  id: number
  checkout_id: number
  shop_id: number
  buyer_id: number
  status: string
  subtotal: string
  discount: string
  shipping: string
  tax: string
  total: string
  shipping_address: unknown
  tracking: { carrier: string; tracking_number: string } | null
  refunded: string
  ship_by: string | null
  items: { line_id: number; product_id: number; title: string; quantity: number; price_at_purchase: string }[]
  created_at: string
  updated_at: string
}
export type OrderEvent = {
  id: number
  order_id: number
  status: string
  actor_id: number | null
  detail: Record<string, unknown>
  created_at: string
}
export type Checkout = { checkout_id: number; total: string; payment: { id: number; status: string }; orders: Order[] }

export type Review = {
  id: number
  order_id: number
  shop_id: number
  reviewer: { id: number; display_name: string }
  rating: number
  comment: string
  reply: { comment: string; created_at: string } | null
  created_at: string
}
export type Favorite = { fav_type: string; fav_id: number; created_at: string; product: Product | null; shop: Shop | null }

export type SearchResult = Page<Product> & {
  total: number
  total_is_lower_bound: boolean
  facets: {
    categories: { slug: string; name: string; count: number }[]
    price_ranges: { key: string; from: string | null; to: string | null; count: number }[]
  }
  did_you_mean: string | null
  showing_results_for: string | null
  degraded: boolean
  took_ms: number
}

export type ShopFigures = {
  views: number
  favorites: number
  carts: number
  orders: number
  units: number
  revenue: string
  refunded: string
}
export type ShopStatistics = {
  shop_id: number
  from: string
  to: string
  computed_at: string | null
  totals: ShopFigures
  items: (ShopFigures & { day: string })[]
}

export type Picture = {
  id: number
  url: string
  width: number
  height: number
  bytes: number
  thumbnails: { small: string; medium: string }
  created_at: string
}
