/** The page of one order: its items, its parcels, its refunds and what happened to it. */

import { addressLines } from './address.ts'
import { html, whenClicked } from './build.ts'
import type { BuyerPage } from './buyer_pages.ts'
import { moveOrder, type Order, type OrderEvent, readOrder, readOrderEvents } from './buying.ts'
import { chosenOf } from './chosen.ts'
import { problemFor } from './form.ts'
import { STATUS_WORDS, statusOf } from './orders.ts'
import { renderBuyerPage } from './render.ts'
import { thumbnailFor } from './thumbnails.ts'
import { totalsOf } from './totals.ts'
import { hrefOf } from './view.ts'
import { day, dollars, moment, period } from './words.ts'

type Move = 'cancel' | 'receive'

/** Shows an order. The buyer can cancel it until a parcel has left, and say that it arrived. */
export async function showOrder({ view, signal }: BuyerPage): Promise<void> {
  const id = view.order as string
  const show = async (error?: unknown) => {
    const [order, events] = await Promise.all([readOrder(id), readOrderEvents(id)])
    if (signal.aborted) return
    const column = html(
      'div',
      { class: 'column' },
      error === undefined ? null : problemFor(error),
      itemsOf(order),
      ...notesOf(order),
      ...parcelsOf(order),
      ...refundsOf(order),
      historyOf(events),
    )
    renderBuyerPage(view, `Order ${order.id}`, `Ordered ${day(order.created_at)}`, [column, summaryOf(order, move)])
  }
  const move = (name: Move) => moveOrder(Number(id), name).then(() => show(), show)
  await show()
}

function itemsOf({ items }: Order): HTMLElement {
  const lines = items.map(({ product_id, title, quantity, price_at_purchase, ...choice }) =>
    html(
      'li',
      { class: 'line' },
      html('div', { class: 'thumbnail' }, thumbnailFor(product_id)),
      html(
        'div',
        { class: 'what' },
        html('a', { href: hrefOf({ listing: String(product_id) }) }, title),
        ...chosenOf(choice),
        html('p', { class: 'soft' }, quantity > 1 ? `${quantity} × ${dollars(price_at_purchase)}` : dollars(price_at_purchase)),
      ),
    ),
  )
  return html('ul', { class: 'lines' }, ...lines)
}

function notesOf({ note, is_gift, gift_message }: Order): HTMLElement[] {
  const gift = gift_message ? `A gift, with the words: “${gift_message}”` : 'A gift'
  const lines = [note && `“${note}”`, is_gift && gift].filter((line): line is string => Boolean(line))
  return lines.length > 0 ? [part('You told the shop', ...lines.map((line) => html('p', {}, line)))] : []
}

function parcelsOf({ shipments }: Order): HTMLElement[] {
  return shipments.map(({ carrier, tracking_number, created_at }) =>
    part(
      `Parcel of ${day(created_at)}`,
      html('p', {}, `${carrier}, tracking number `, html('span', { class: 'tracking' }, tracking_number)),
    ),
  )
}

const REFUND_WORDS: Record<Order['refunds'][number]['status'], string> = {
  pending: 'will be sent',
  sent: 'is on its way to you',
  refunded: 'has arrived',
  failed: 'did not arrive, and is owed to you',
}

function refundsOf({ refunds }: Order): HTMLElement[] {
  if (refunds.length === 0) return []
  const lines = refunds.map(({ amount, status, reason, note }) =>
    html(
      'li',
      {},
      `${dollars(amount)} ${REFUND_WORDS[status]}. `,
      html('span', { class: 'soft' }, `Reason: ${reason.replaceAll('_', ' ')}.${note ? ` “${note}”` : ''}`),
    ),
  )
  return [part('Refunds', html('ul', {}, ...lines))]
}

const CHANGE_WORDS: Record<string, string> = {
  shipment: 'A parcel left',
  tracking: 'The tracking was corrected',
  dispute: 'The payment was disputed at the bank',
  adoption: 'Your account has it now',
}

function historyOf(events: OrderEvent[]): HTMLElement {
  const lines = events.map((event, i) =>
    html(
      'li',
      {},
      wordsOf(event, events[i - 1]?.status),
      ' ',
      html('time', { class: 'soft', datetime: event.created_at }, moment(event.created_at)),
    ),
  )
  return part('What happened', html('ol', { class: 'history' }, ...lines))
}

/** `Cancelled. The refund of $5.00 will be sent`: the new status, if it changed, and what else changed. */
function wordsOf({ change, status, detail }: OrderEvent, before: Order['status'] | undefined): string {
  const moved = status === before ? [] : [before === undefined ? 'Ordered' : STATUS_WORDS[status]]
  if (change === null) return moved.join('')
  const refund = detail.refund as Order['refunds'][number] | undefined
  const words = refund
    ? `The refund of ${dollars(refund.amount)} ${REFUND_WORDS[refund.status]}`
    : (CHANGE_WORDS[change] ?? change)
  return [...moved, words].join('. ')
}

function summaryOf(order: Order, move: (name: Move) => Promise<void>): HTMLElement {
  return html(
    'aside',
    { class: 'summary', 'aria-label': 'State of the order' },
    statusOf(order.status),
    order.status === 'paid' && order.ship_by ? html('p', {}, `The shop sends it by ${day(order.ship_by)}.`) : null,
    arrivalOf(order),
    totalsOf(order),
    order.shipping_address ? addressLines(order.shipping_address) : null,
    ...movesOf(order).map(([name, words]) => {
      const button = html('button', { class: 'quiet', type: 'button', 'data-key': name }, words)
      whenClicked(button, () => move(name))
      return button
    }),
  )
}

/** Makes the line about the estimate at the purchase, until the order has arrived. */
function arrivalOf({ status, delivery }: Order): HTMLElement | null {
  const is_coming = status === 'paid' || status === 'shipped'
  return is_coming && delivery ? html('p', {}, `It should arrive ${period(delivery)}.`) : null
}

/** Returns the moves that the state of the order offers. The API decides. */
function movesOf({ status, shipments }: Order): [Move, string][] {
  if (status === 'shipped') return [['receive', 'It has arrived']]
  return status === 'paid' && shipments.length === 0 ? [['cancel', 'Cancel the order']] : []
}

function part(title: string, ...children: HTMLElement[]): HTMLElement {
  return html('section', {}, html('h2', {}, title), ...children)
}
