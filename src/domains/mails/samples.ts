/** Facts of invented orders and accounts, for the preview and for tests. */
const items = [
  {
    title: 'Stoneware mug, speckled blue',
    option_values: ['0.4 l', 'Speckled blue'],
    sku: 'MUG-04-BLUE',
    personalization: null,
    quantity: 2,
    amount: '48.00',
  },
  {
    title: 'Hand-carved cherry wood spoon with a long handle',
    option_values: [],
    sku: null,
    personalization: 'For Mia\n7 December',
    quantity: 1,
    amount: '17.50',
  },
]
const shipping_address = {
  name: 'Ann Lee',
  line1: '1 Mill Lane',
  line2: null,
  city: 'Portland',
  region: 'OR',
  postal_code: '97201',
  country: 'US',
}
const order = {
  id: 261100004217,
  shop_name: 'Hearth & Hollow',
  items,
  shipping_method: null,
  discount: '5.00',
  shipping: '7.20',
  tax: '0.00',
  total: '67.70',
  ship_by: '2026-12-04',
  delivery: { from: '2026-12-05', to: '2026-12-09' },
  note: 'Please leave the parcel with the neighbor.\nThe bell does not work.',
  is_gift: true,
  gift_message: 'Happy birthday, Mia!',
  shipping_address,
}
const small_order = {
  ...order,
  id: 261100004218,
  shop_name: 'Second Spring Vintage',
  delivery: null,
  items: [
    { title: 'Brass desk lamp, 1960s', option_values: [], sku: null, personalization: null, quantity: 1, amount: '1180.00' },
  ],
  discount: '0.00',
  shipping: '0.00',
  tax: '82.60',
  total: '1262.60',
  gift_message: null,
}
const shipment = {
  carrier: 'USPS',
  tracking_number: '9400 1000 0000 0000 0000 00',
  items: items.slice(0, 1),
  is_whole_order: false,
}
const refund = { amount: '24.00', reason: 'damaged', note: 'One cup was chipped. Sorry!', failure_reason: 'lost_or_stolen_card' }
const checkout = {
  total: '1330.30',
  orders: [order, small_order],
  shipping_address,
  action_url: 'https://bank.example/3d-secure/7f3a',
  action_until: '2026-11-30T10:14:45Z',
}

/** The facts of each kind, shaped like the result of `mail_facts`. */
export const samples = new Map<string, Record<string, unknown>>(
  Object.entries({
    checkout_paid: { checkout },
    payment_failed: { checkout },
    payment_action: { checkout },
    order_shipped: { order, shipment },
    tracking_corrected: { order, shipment },
    order_refunded: { order, refund },
    order_cancelled: { order },
    order_sold: { order },
    order_late: { order },
    sold_order_cancelled: { order },
    refund_failed: { order, refund },
    verify_email: { link_ttl_s: 86_400 },
    reset_password: { link_ttl_s: 3600 },
    change_email: { link_ttl_s: 86_400 },
    email_change_requested: {},
    email_changed: {},
    password_changed: {},
    new_device: { session: { device: 'Firefox on Windows', created_at: '2026-11-29T18:05:00Z' } },
    second_factor_added: {},
    second_factor_removed: {},
    payout_account_changed: {},
    account_erased: {},
  }),
)
