import type { Locale } from '../../http/locale.ts'

/** The text of the page behind an order's link. src/domains/mails/words.ts has the words that the mails use too. */
export type Words = {
  order: string
  orders: string
  number: string
  statuses: Record<'pending' | 'paid' | 'shipped' | 'delivered' | 'cancelled' | 'refunded', string>
  ship_by: string
  parcels: string
  sent_on: string
  refunds: string
  refund_statuses: Record<'pending' | 'sent' | 'refunded' | 'failed', string>
  disputes: string
  dispute_statuses: Record<'open' | 'won' | 'lost', string>
  to_account: string
  until: string
  failed: { title: string; text: string }
}

export const accessWords: Record<Locale, Words> = {
  en: {
    order: 'Your order',
    orders: 'Your orders',
    number: 'Order',
    statuses: {
      pending: 'The payment is not decided yet.',
      paid: 'Paid. The shop prepares your order.',
      shipped: 'Sent.',
      delivered: 'Delivered.',
      cancelled: 'Cancelled.',
      refunded: 'Refunded.',
    },
    ship_by: 'The shop sends it by',
    parcels: 'Parcels',
    sent_on: 'sent on',
    refunds: 'Refunds',
    refund_statuses: {
      pending: 'on its way',
      sent: 'on its way',
      refunded: 'arrived',
      failed: 'failed; the shop still owes you the amount',
    },
    disputes: 'Disputes at your bank',
    dispute_statuses: { open: 'open', won: 'decided for the shop', lost: 'decided for you' },
    to_account: 'To keep your orders in an account, register with the e-mail of this order and confirm it.',
    until: 'Everybody with the link can see this page, until',
    failed: {
      title: 'This link does not work',
      text: 'It is wrong, or older than 90 days. A newer mail about the order has a new link.',
    },
  },
  de: {
    order: 'Ihre Bestellung',
    orders: 'Ihre Bestellungen',
    number: 'Bestellung',
    statuses: {
      pending: 'Über die Zahlung ist noch nicht entschieden.',
      paid: 'Bezahlt. Der Shop bereitet Ihre Bestellung vor.',
      shipped: 'Versandt.',
      delivered: 'Zugestellt.',
      cancelled: 'Storniert.',
      refunded: 'Erstattet.',
    },
    ship_by: 'Der Shop versendet sie bis',
    parcels: 'Pakete',
    sent_on: 'versandt am',
    refunds: 'Erstattungen',
    refund_statuses: {
      pending: 'unterwegs',
      sent: 'unterwegs',
      refunded: 'angekommen',
      failed: 'fehlgeschlagen; der Shop schuldet Ihnen den Betrag weiterhin',
    },
    disputes: 'Einsprüche bei Ihrer Bank',
    dispute_statuses: { open: 'offen', won: 'für den Shop entschieden', lost: 'für Sie entschieden' },
    to_account:
      'Um Ihre Bestellungen in einem Konto zu behalten, registrieren Sie sich mit der E-Mail-Adresse dieser Bestellung und bestätigen Sie sie.',
    until: 'Jeder mit dem Link kann diese Seite sehen, bis zum',
    failed: {
      title: 'Dieser Link funktioniert nicht',
      text: 'Er ist falsch oder älter als 90 Tage. Eine neuere E-Mail zur Bestellung hat einen neuen Link.',
    },
  },
}
