/** The groups of calls, in the order of the reference page. */
export const tags = [
  { name: 'Accounts', description: 'Register, sign in, and see where you are signed in.' },
  { name: 'Discovery', description: 'Find something: search, suggestions, what is popular, what fits your favorites.' },
  { name: 'Categories', description: 'The tree in which every listing has its place.' },
  { name: 'Products', description: 'Listings: read by everybody, changed by the owner of their shop.' },
  { name: 'Cart', description: 'What a buyer wants, by shop. An item that exists once is held for 15 minutes.' },
  { name: 'Checkout', description: 'One payment for the whole cart, one order for each shop.' },
  { name: 'Orders', description: 'What was bought, and how it moves: paid, shipped, delivered, cancelled, refunded.' },
  { name: 'Reviews', description: 'What a buyer says of an order, and what the shop replies.' },
  { name: 'Favorites', description: 'Products and shops that somebody likes.' },
  { name: 'Shops', description: 'Open and run a shop: its page, shipping, orders and figures.' },
  { name: 'Pictures', description: 'Upload pictures for listings, banners and logos.' },
  { name: 'Operations', description: 'For whoever runs the service: probes, metrics and this document.' },
] as const

export type Tag = (typeof tags)[number]['name']
