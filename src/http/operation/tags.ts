/** The groups of calls, in the order of the reference page. */
export const tags = [
  { name: 'Accounts', description: 'Register, sign in, and list your sessions.' },
  { name: 'Discovery', description: 'Search, suggestions, popular listings and recommendations.' },
  { name: 'Categories', description: 'The category tree of all listings.' },
  { name: 'Products', description: 'Listings. Everybody can read them. The owner of the shop can change them.' },
  { name: 'Cart', description: 'The items that a buyer wants, by shop. A one-of-a-kind item is held for 15 minutes.' },
  { name: 'Checkout', description: 'One payment for the whole cart, one order for each shop.' },
  { name: 'Orders', description: 'Orders and their states: paid, shipped, delivered, cancelled, refunded.' },
  { name: 'Reviews', description: 'Reviews by buyers, and the replies of shops.' },
  { name: 'Favorites', description: 'Products and shops that an account likes.' },
  { name: 'Shops', description: 'Open and run a shop: its page, shipping, orders and figures.' },
  { name: 'Money', description: 'What a shop earns: its balance, ledger, payouts and statements.' },
  { name: 'Pictures', description: 'Upload pictures for listings, banners and logos.' },
  { name: 'Operations', description: 'For operators: probes, metrics and this document.' },
] as const

export type Tag = (typeof tags)[number]['name']
