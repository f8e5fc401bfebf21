/** Listings as cards. */
import type { Item } from './api.ts'
import { html } from './build.ts'
import { quiltFor } from './quilt.ts'
import { hrefOf } from './view.ts'
import { dollars } from './words.ts'

export function cardFor(item: Item): HTMLElement {
  return html(
    'li',
    { class: 'card', 'data-id': item.id },
    html('div', { class: 'picture' }, pictureOf(item), item.is_vintage ? html('span', { class: 'badge' }, 'Vintage') : null),
    html('h2', { tabindex: -1 }, item.title),
    html(
      'p',
      { class: 'shop' },
      html('a', { href: hrefOf({ shop: String(item.shop.id) }), 'data-key': `shop-of-${item.id}` }, item.shop.name),
      item.shop.rating === null ? null : ratingOf(item.shop.rating),
    ),
    html('p', { class: 'price' }, html('strong', {}, dollars(item.price)), stockOf(item)),
  )
}

/** The first picture, if it is one that the page's policy lets in; the quilt where there is none, or it does not come. */
function pictureOf(item: Item): Element {
  const quilt = quiltFor(item.id, item.category_id)
  const address = item.images[0]
  if (!address || !isAllowed(address)) return quilt
  // Listings have no words for their pictures, and the title is right below.
  const picture = html('img', { src: address, alt: '', loading: 'lazy', decoding: 'async', width: 400, height: 400 })
  picture.addEventListener('error', () => picture.replaceWith(quilt), { once: true })
  return picture
}

function isAllowed(address: string): boolean {
  const url = URL.parse(address)
  return url !== null && (url.protocol === 'https:' || url.origin === location.origin)
}

function ratingOf(rating: number): HTMLElement {
  return html(
    'span',
    { class: 'rating' },
    html('span', { 'aria-hidden': true }, '★ '),
    html('span', { class: 'unseen' }, 'rated '),
    rating.toFixed(1),
    html('span', { class: 'unseen' }, ' of 5'),
  )
}

/** What hurries, and what is too late: the list of a shop also has what is sold out. */
function stockOf({ quantity }: Item): HTMLElement | null {
  if (quantity > 1) return null
  return html('span', { class: 'stock' }, quantity === 1 ? 'Only one' : 'Sold out')
}
