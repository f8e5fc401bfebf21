/** How large the parts of a listing may be, in characters or entries. The CHECKs of the table `products` refuse the same. */
export const LISTING = {
  sku: 100,
  title: 200,
  description: 20_000,
  tags: 13,
  tag: 50,
  images: 10,
  image: 2000,
  quantity: 1_000_000,
} as const
