/**
 * The page behind the link of a mail about an order. It shows the order without a sign-in and changes nothing. The token is in the
 * path, so the page sends no Referer, and the log has the route only.
 */
import type { Static } from '@sinclair/typebox'
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import type { Env } from '../../http/env.ts'
import { applyLimit } from '../../http/limits/apply_limit.ts'
import { type Locale, localeOf } from '../../http/locale.ts'
import { CSP, type Markup, renderFrame } from '../../http/pages/frame.ts'
import { withDeadline } from '../../platform/db/deadline.ts'
import { hashToken } from '../../platform/token.ts'
import { filtersOf } from '../mails/formats.ts'
import { words as mailWords } from '../mails/words.ts'
import { accessWords } from './access_words.ts'
import type { Order } from './schemas.ts'
import { showOrderAccess } from './statements.ts'

type Shown = { order: Static<typeof Order>; shop_name: string }
type Language = (typeof languages)[Locale]

const languages = {
  en: { ...mailWords.en, ...accessWords.en, ...filtersOf('en') },
  de: { ...mailWords.de, ...accessWords.de, ...filtersOf('de') },
}

/** Mounted at /order-access. */
export const accessPage = new Hono<Env>().get('/:token', async (c) => {
  const locale = localeOf(c)
  const language = languages[locale]
  await applyLimit(c, 'address')
  const found = await withDeadline(() => showOrderAccess.many(c.get('sql'), { token_hash: hashToken(c.req.param('token')) }))
  const [first] = found
  if (!first) return sendPage(c, 404, locale, failedPage(language))
  const orders = found.map(({ item, shop_name }) => ({ order: JSON.parse(item), shop_name }))
  return sendPage(c, 200, locale, ordersPage(orders, first, language))
})

function sendPage(c: Context<Env>, status: 200 | 404, locale: Locale, main: Markup): Response | Promise<Response> {
  const headers = { 'Content-Security-Policy': CSP, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }
  return c.html(renderFrame(`${languages[locale].order} · Stallwright`, main, locale), status, headers)
}

const failedPage = ({ failed }: Language): Markup => html`<h1>${failed.title}</h1>
<p>${failed.text}</p>`

function ordersPage(shown: Shown[], access: { is_guest: boolean; expires_at: string }, language: Language): Markup {
  return html`<h1>${shown.length > 1 ? language.orders : language.order}</h1>
${shown.map((one) => orderPart(one, language))}
${addressPart(shown, language)}
${access.is_guest ? html`<p>${language.to_account}</p>` : ''}
<p class="soft">${language.until} ${language.day(access.expires_at)}.</p>`
}

function itemPart(item: Shown['order']['items'][number], { money }: Language): Markup {
  const chosen = [...item.option_values, ...(item.personalization === null ? [] : [`“${item.personalization}”`])]
  return html`<li>${item.title}${chosen.length > 0 ? html`<p class="soft">${chosen.join(', ')}</p>` : ''}
<p class="soft">${item.quantity} × ${money(item.price_at_purchase)}</p></li>`
}

function orderPart({ order, shop_name }: Shown, language: Language): Markup {
  const { statuses, number, day, ship_by } = language
  return html`<section>
<h2>${shop_name}</h2>
<p class="soft">${number} ${order.id}, ${day(order.created_at)}</p>
<p><strong>${statuses[order.status]}</strong>${order.status === 'paid' && order.ship_by ? ` ${ship_by} ${day(order.ship_by)}.` : ''}</p>
<ul>${order.items.map((item) => itemPart(item, language))}</ul>
${amountsPart(order, language)}
${shipmentsPart(order, language)}
${refundsPart(order, language)}
${disputesPart(order, language)}
${quotePart(language.note_of_buyer, order.note)}
${quotePart(language.gift_message, order.gift_message)}
</section>`
}

/** The discount and the tax of most orders are zero, and are left out. */
function amountsPart(order: Shown['order'], { money, subtotal, discount, shipping, tax, total }: Language): Markup {
  const line = (name: string, amount: string) => html`<p>${name}: ${money(amount)}</p>`
  return html`${line(subtotal, order.subtotal)}
${Number(order.discount) ? line(discount, `-${order.discount}`) : ''}
${line(shipping, order.shipping)}
${Number(order.tax) ? line(tax, order.tax) : ''}
<p><strong>${total}: ${money(order.total)}</strong></p>`
}

function shipmentsPart({ shipments, items }: Shown['order'], { parcels, sent_on, day }: Language): Markup | '' {
  const titles = new Map(items.map(({ line_id, title }) => [line_id, title]))
  const unitsOf = (shipment: (typeof shipments)[number]) =>
    shipment.items.map(({ line_id, quantity }) => `${quantity} × ${titles.get(line_id)}`).join(', ')
  if (shipments.length === 0) return ''
  return html`<h3>${parcels}</h3>
${shipments.map((one) => html`<p>${one.carrier} ${one.tracking_number}, ${sent_on} ${day(one.created_at)}: ${unitsOf(one)}</p>`)}`
}

function refundsPart({ refunds }: Shown['order'], language: Language): Markup | '' {
  if (refunds.length === 0) return ''
  const { money, reasons, refund_statuses } = language
  return html`<h3>${language.refunds}</h3>
${refunds.map(
  (refund) => html`<p>${money(refund.amount)} (${reasons[refund.reason]}): ${refund_statuses[refund.status]}</p>
${quotePart(language.from_the_shop, refund.note)}`,
)}`
}

function disputesPart({ disputes }: Shown['order'], { disputes: title, dispute_statuses, money }: Language): Markup | '' {
  if (disputes.length === 0) return ''
  return html`<h3>${title}</h3>
${disputes.map(({ amount, status }) => html`<p>${money(amount)}: ${dispute_statuses[status]}</p>`)}`
}

/** The orders of a checkout have one address. */
function addressPart([first]: Shown[], { ship_to, address_lines }: Language): Markup | '' {
  const address = first?.order.shipping_address
  if (!address) return ''
  return html`<section>
<h2>${ship_to}</h2>
${address_lines(address).map((line) => html`<p>${line}</p>`)}
</section>`
}

const quotePart = (title: string, text: string | null): Markup | '' => (text ? html`<p class="soft">${title} ${text}</p>` : '')
