/** Listings as cards. */
import type { Item } from './api.ts'
import { html } from './build.ts'
import { quiltFor } from './quilt.ts'
import { hrefOf } from './view.ts'
import { dollars } from './words.ts'

/** Makes a card. Picture and title link to the same page, so keyboard focus stops only at the title. */
export function cardFor(item: Item): HTMLElement {
  const href = hrefOf({ listing: String(item.id) })
  // The alt text is empty: pictures have no description, and the title is directly below.
  const picture = pictureFor(item, item.images[0], '', 'lazy')
  return html(
    'li',
    { class: 'card', 'data-id': item.id },
    html(
      'div',
      { class: 'picture' },
      html('a', { href, tabindex: -1, 'aria-hidden': true }, picture),
      item.is_vintage ? html('span', { class: 'badge' }, 'Vintage') : null,
    ),
    html('h2', {}, html('a', { href, 'data-key': keyOfCard(item.id) }, item.title)),
    html(
      'p',
      { class: 'shop' },
      html('a', { href: hrefOf({ shop: String(item.shop.id) }), 'data-key': `shop-of-${item.id}` }, item.shop.name),
      item.shop.rating === null ? null : ratingOf(item.shop.rating),
    ),
    html(
      'p',
      { class: 'price' },
      html('strong', {}, item.price_max === item.price ? '' : 'from ', dollars(item.price)),
      stockOf(item),
    ),
  )
}

/** Returns the `data-key` of the link on a listing's card. */
export function keyOfCard(id: number | string): string {
  return `listing-${id}`
}

/** Returns a picture, or a quilt if the listing has none, the page's policy forbids it, or it fails to load. */
export function pictureFor(
  item: Pick<Item, 'id' | 'category_id'>,
  address: string | undefined,
  alt: string,
  loading: 'lazy' | 'eager',
): Element {
  const quilt = quiltFor(item.id, item.category_id)
  if (!address || !isAllowed(address)) return quilt
  const picture = html('img', { src: address, alt, loading, decoding: 'async', width: 400, height: 400 })
  picture.addEventListener('error', () => picture.replaceWith(quilt), { once: true })
  return picture
}

function isAllowed(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && (url.protocol === 'https:' || url.origin === location.origin)
}

/** `★ 4.8`. */
export function ratingOf(rating: number): HTMLElement {
  return html(
    'span',
    { class: 'rating' },
    html('span', { 'aria-hidden': true }, '★ '),
    html('span', { class: 'unseen' }, 'rated '),
    rating.toFixed(1),
    html('span', { class: 'unseen' }, ' of 5'),
  )
}

/** Marks the last unit and a sold-out listing; the list of a shop has sold-out ones too. */
function stockOf({ quantity }: Item): HTMLElement | null {
  if (quantity > 1) return null
  return html('span', { class: 'stock' }, quantity === 1 ? 'Only one' : 'Sold out')
}
