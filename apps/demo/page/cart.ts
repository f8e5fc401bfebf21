/** The page of the cart: its lines by shop, holds, and totals. */

import { html, whenClicked } from './build.ts'
import type { BuyerPage } from './buyer_pages.ts'
import { type Cart, type CartLine, changeLine, readCart, removeLine } from './buying.ts'
import { chosenOf } from './chosen.ts'
import { countryName, readCountry } from './countries.ts'
import { arrival, sendTo } from './delivery.ts'
import { problemFor } from './form.ts'
import { showCount } from './header.ts'
import { holdLine } from './hold.ts'
import { message, note } from './notes.ts'
import { renderBuyerPage } from './render.ts'
import { thumbnailFor } from './thumbnails.ts'
import { totalsOf } from './totals.ts'
import { hrefOf } from './view.ts'
import { dollars, items, shops } from './words.ts'

type CartShop = Cart['shops'][number]
/** Runs a change of the cart, and shows the cart after it. */
type Change = (run: () => Promise<void>) => Promise<void>

/** The number of units that a line offers to choose at most. */
const MOST_UNITS = 20

/** Shows the cart. */
export async function showCart(page: BuyerPage): Promise<void> {
  const show = (cart: Cart, error?: unknown) => {
    if (page.signal.aborted) return
    showCount(cart)
    renderBuyerPage(page.view, 'Your cart', summaryOf(cart), partsOf(cart, change, error))
  }
  const change: Change = async (run) => {
    try {
      await run()
      show(await readCart())
    } catch (error) {
      show(await readCart(), error)
    }
  }
  show(await readCart())
}

/** `3 items from 2 shops`. */
function summaryOf(cart: Cart): string {
  const units = cart.shops.flatMap((shop) => shop.items).reduce((sum, { quantity }) => sum + quantity, 0)
  return units === 0 ? 'Nothing in it' : `${items(units)} from ${shops(cart.shops.length)}`
}

function partsOf(cart: Cart, change: Change, error: unknown): HTMLElement[] {
  const problem = error === undefined ? null : problemFor(error)
  const lapsed = lapsedNote(cart)
  if (cart.shops.length === 0) {
    return [problem, lapsed, emptyCart()].filter((part) => part !== null)
  }
  const parcels = cart.shops.map((shop) => parcelFor(shop, change))
  const is_open = cart.shops.some((shop) => shop.items.some(({ available }) => available))
  const checkout = html('a', { class: 'strong', href: hrefOf({ page: 'checkout' }), 'data-key': 'check-out' }, 'Check out')
  const goes_to = sendTo(() => void change(async () => undefined))
  const summary = html(
    'aside',
    { class: 'summary', 'aria-label': 'Total' },
    goes_to,
    ...(is_open ? [totalsOf(cart), checkout] : []),
  )
  return [html('div', { class: 'column' }, problem, lapsed, ...parcels), summary]
}

/** Makes the message for a cart without lines. */
export function emptyCart(): HTMLElement {
  const browse = html('a', { href: hrefOf({}), 'data-key': 'browse' }, 'Browse the market')
  return message('Your cart is empty', 'What you add to it waits here, and the last one of an item is held for you.', [browse])
}

function lapsedNote({ lapsed }: Cart): HTMLElement | null {
  if (lapsed.length === 0) return null
  const links = lapsed.flatMap(({ product_id, title }, i) => [
    i > 0 ? ', ' : '',
    html('a', { href: hrefOf({ listing: String(product_id) }) }, title),
  ])
  return note('No longer in your cart, because the hold ended: ', ...links, '.')
}

/** Makes the part of a shop, which becomes one order. */
function parcelFor({ shop, items, subtotal, shipping, total, delivery }: CartShop, change: Change): HTMLElement {
  const words = `${dollars(subtotal)} and ${dollars(shipping)} postage: ${dollars(total)}`
  const costs = items.some(({ available }) => available) ? html('p', { class: 'soft' }, words) : null
  return html(
    'section',
    { class: 'parcel' },
    html('h2', {}, html('a', { href: hrefOf({ shop: String(shop.id) }), 'data-key': `shop-${shop.id}` }, shop.name)),
    html('ul', { class: 'lines' }, ...items.map((line) => lineFor(line, change))),
    costs,
    arrival(delivery),
  )
}

function lineFor(line: CartLine, change: Change): HTMLElement {
  const remove = html('button', { type: 'button', class: 'plain', 'data-key': `remove-${line.line_id}` }, 'Remove')
  remove.append(html('span', { class: 'unseen' }, ` ${line.title}`))
  whenClicked(remove, () => change(() => removeLine(line.line_id)))
  return html(
    'li',
    { class: line.available ? 'line' : 'line off' },
    html('div', { class: 'thumbnail' }, thumbnailFor(line.product_id)),
    html(
      'div',
      { class: 'what' },
      html('a', { href: hrefOf({ listing: String(line.product_id) }), 'data-key': `line-${line.line_id}` }, line.title),
      ...chosenOf(line),
      html('p', { class: 'soft' }, `${dollars(line.unit_price)}${line.quantity > 1 ? ' each' : ''}`),
      ...statesOf(line),
    ),
    html('div', { class: 'acts' }, quantityFor(line, change), remove),
  )
}

/** Makes the lines about the hold, the reason that a line cannot be ordered, and a changed price. */
function statesOf(line: CartLine): HTMLElement[] {
  const states: HTMLElement[] = []
  const reason = reasonOf(line, readCountry())
  if (reason) states.push(html('p', { class: 'hold over' }, reason))
  else if (line.reserved_until) states.push(holdLine(line.reserved_until))
  if (line.price_changed)
    states.push(html('p', { class: 'soft' }, `It was ${dollars(line.price_changed.from)} when you added it.`))
  return states
}

const REASONS: Record<NonNullable<CartLine['unavailable_reason']>, (line: CartLine, country: string) => string> = {
  archived: () => 'It is no longer for sale.',
  own_item: () => 'It is from your own shop.',
  shop_on_vacation: () => 'The shop is on vacation.',
  variant_gone: () => 'This choice is no longer for sale.',
  sold_out: () => 'It is sold out.',
  insufficient_stock: ({ available_quantity }) => `Only ${available_quantity} left.`,
  item_reserved: () => 'Another buyer is checking it out right now.',
  personalization_required: ({ personalization }) =>
    personalization === null
      ? 'It needs a text now. Remove it and add it again.'
      : 'The seller no longer takes this text. Remove it and add it again.',
  not_shippable: (_, country) => `The shop does not send it to ${countryName(country)}.`,
}

/** Returns why a line cannot be ordered, for a cart that goes to this country; null if it can. */
export function reasonOf(line: CartLine, country: string): string | null {
  return line.unavailable_reason && REASONS[line.unavailable_reason](line, country)
}

/** Makes the choice of the quantity; null for the last unit. */
function quantityFor({ line_id, title, quantity, available_quantity }: CartLine, change: Change): HTMLElement | null {
  const most = Math.max(quantity, Math.min(available_quantity, MOST_UNITS))
  if (most === 1) return null
  const options = Array.from({ length: most }, (_, i) =>
    html('option', { value: i + 1, selected: i + 1 === quantity }, String(i + 1)),
  )
  const select = html('select', { 'aria-label': `Quantity of ${title}`, 'data-key': `quantity-${line_id}` }, ...options)
  select.addEventListener('change', () => void change(() => changeLine(line_id, Number(select.value))))
  return select
}
