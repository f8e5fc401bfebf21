/**
 * The words that several templates share, for each language. A new language needs its words here, its folder of templates, and a
 * place in the constraint users_locale_is_shipped.
 */
const en = {
  discount: 'Discount',
  footer: 'Stallwright sent this message automatically.',
  from_the_shop: 'The shop writes:',
  gift: 'This order is a gift. Please add no invoice to the parcel.',
  gift_message: 'Message for the gift:',
  link: 'Link:',
  note_of_buyer: 'Note from the buyer:',
  personalization: 'Personalization:',
  reasons: {
    changed_mind: 'a changed mind',
    not_received: 'the order did not arrive',
    damaged: 'an item was damaged',
    not_as_described: 'an item was not as described',
    wrong_item: 'a wrong item arrived',
    out_of_stock: 'an item is out of stock',
    goodwill: 'goodwill',
    other: 'another reason',
  },
  ship_to: 'Ships to',
  shipping: 'Shipping',
  show_order: 'Show the order',
  show_orders: 'Show the orders',
  sku: 'SKU',
  subtotal: 'Items',
  tax: 'Tax',
  total: 'Total',
}

const de: typeof en = {
  discount: 'Rabatt',
  footer: 'Stallwright hat diese Nachricht automatisch gesendet.',
  from_the_shop: 'Der Shop schreibt:',
  gift: 'Diese Bestellung ist ein Geschenk. Bitte legen Sie dem Paket keine Rechnung bei.',
  gift_message: 'Nachricht zum Geschenk:',
  link: 'Link:',
  note_of_buyer: 'Nachricht zur Bestellung:',
  personalization: 'Personalisierung:',
  reasons: {
    changed_mind: 'Meinung geändert',
    not_received: 'Bestellung nicht angekommen',
    damaged: 'Artikel beschädigt',
    not_as_described: 'Artikel entspricht nicht der Beschreibung',
    wrong_item: 'falscher Artikel',
    out_of_stock: 'Artikel nicht mehr vorrätig',
    goodwill: 'Kulanz',
    other: 'anderer Grund',
  },
  ship_to: 'Lieferadresse',
  shipping: 'Versand',
  show_order: 'Bestellung ansehen',
  show_orders: 'Bestellungen ansehen',
  sku: 'Artikelnummer',
  subtotal: 'Artikel',
  tax: 'Steuer',
  total: 'Gesamt',
}

export const words = { en, de }
export type Locale = keyof typeof words
export const locales = Object.keys(words) as Locale[]
