/** The list of the orders, and the session that they belong to. */

import { html, whenClicked } from './build.ts'
import type { BuyerPage } from './buyer_pages.ts'
import { type Order, readOrders, signOut } from './buying.ts'
import { problemFor } from './form.ts'
import { message } from './notes.ts'
import { renderBuyerPage } from './render.ts'
import { readSession } from './session.ts'
import { thumbnailFor } from './thumbnails.ts'
import { hrefOf } from './view.ts'
import { day, dollars } from './words.ts'

/** Small pictures of an order in a list. */
const MOST_PICTURES = 3

export const STATUS_WORDS: Record<Order['status'], string> = {
  pending: 'Waits for the payment',
  paid: 'Paid',
  shipped: 'On its way',
  delivered: 'Delivered',
  cancelled: 'Cancelled',
  refunded: 'Refunded',
}

/** Shows the orders, newest first. */
export async function showOrders({ view, signal }: BuyerPage): Promise<void> {
  const page = await readOrders(null)
  if (signal.aborted) return
  const list = orderList(page.items)
  const browse = html('a', { href: hrefOf({}), 'data-key': 'browse' }, 'Browse the market')
  const orders = page.items.length > 0 ? list : message('No orders yet', 'What you buy appears here, with its parcels.', [browse])
  const column = html('div', { class: 'column' }, orders, page.next_cursor ? moreButton(list, page.next_cursor) : null)
  renderBuyerPage(view, 'Your orders', '', [column, accountOf()])
}

/** Makes a list of orders. Each links to its page. */
export function orderList(orders: Order[]): HTMLElement {
  return html('ul', { class: 'orders' }, ...orders.map(cardOf))
}

function cardOf({ id, items, status, total, created_at }: Order): HTMLElement {
  const pictures = items
    .slice(0, MOST_PICTURES)
    .map(({ product_id }) => html('div', { class: 'thumbnail' }, thumbnailFor(product_id)))
  const titles = items.map(({ title, quantity }) => (quantity > 1 ? `${quantity} × ${title}` : title)).join(', ')
  return html(
    'li',
    { class: 'line' },
    html('div', { class: 'pictures-of-order' }, ...pictures),
    html(
      'div',
      { class: 'what' },
      html('a', { href: hrefOf({ order: String(id) }), 'data-key': `order-${id}` }, titles),
      html('p', { class: 'soft' }, `Order ${id}, ${day(created_at)}`),
    ),
    html('div', { class: 'acts' }, statusOf(status), html('p', {}, dollars(total))),
  )
}

/** Makes the label of a status. */
export function statusOf(status: Order['status']): HTMLElement {
  return html('p', { class: 'status', 'data-status': status }, STATUS_WORDS[status])
}

function moreButton(list: HTMLElement, first: string): HTMLElement {
  let cursor: string | null = first
  const button = html('button', { class: 'quiet', type: 'button', 'data-key': 'more-orders' }, 'Show older orders')
  const told = html('div', {})
  whenClicked(button, async () => {
    try {
      const page = await readOrders(cursor)
      cursor = page.next_cursor
      list.append(...page.items.map(cardOf))
      button.hidden = cursor === null
      told.replaceChildren()
    } catch (error) {
      told.replaceChildren(problemFor(error))
    }
  })
  return html('div', {}, told, button)
}

function accountOf(): HTMLElement {
  const user = readSession()?.user
  const button = html('button', { class: 'quiet', type: 'button', 'data-key': 'sign-out' }, 'Sign out')
  whenClicked(button, () => signOut().catch(() => undefined))
  return html(
    'aside',
    { class: 'summary', 'aria-label': 'Your account' },
    html('div', {}, html('p', {}, html('b', {}, user?.display_name ?? '')), html('p', { class: 'soft' }, user?.email ?? '')),
    user?.is_guest
      ? html(
          'p',
          { class: 'soft' },
          'The mails about your orders have links that show them. Register with this address later, and the orders are in your account.',
        )
      : null,
    button,
  )
}
