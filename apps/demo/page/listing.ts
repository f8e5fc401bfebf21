/** The page of one listing: its pictures, its details and its shop. */
import type { Item, Listing } from './api.ts'
import { byId, html } from './build.ts'
import { pictureFor, ratingOf } from './cards.ts'
import { nameOf, type Places, slugOf } from './categories.ts'
import { deliveryOf } from './delivery.ts'
import { type Choice, type Chosen, optionsOf, personalizationOf, stockOf } from './options.ts'
import { hrefOf } from './view.ts'
import { count, dollars } from './words.ts'

type Fact = [name: string, ...values: (string | Node)[]]

/** Makes the pictures and the details of a listing. */
export function partsOfListing(listing: Listing, places: Places): HTMLElement[] {
  return [picturesOf(listing.item), detailsOf(listing, places)]
}

/** Makes placeholders of the same size while the listing loads. */
export function waitingParts(): HTMLElement[] {
  const lines = html('div', { class: 'waiting-lines' }, ...Array.from({ length: 8 }, () => html('i')))
  return [html('div', { class: 'pictures' }, html('div', { class: 'picture' })), html('div', { class: 'details' }, lines)]
}

/** `$24.50 · Only one`, `$24.50 · 12 in stock`, `$24.50 to $30.00 · Sold out`. */
export function offerOf(item: Item, chosen: Chosen = 'open'): string {
  if (chosen === 'unoffered') return 'The shop does not offer this combination'
  if (chosen !== 'open') return `${dollars(chosen.price)} · ${stockWords(stockOf(item, chosen))}`
  const { price, price_max, quantity } = item
  return `${dollars(price)}${price_max === price ? '' : ` to ${dollars(price_max)}`} · ${stockWords(quantity)}`
}

function stockWords(quantity: number): string {
  return quantity > 1 ? `${count(quantity)} in stock` : quantity === 1 ? 'Only one' : 'Sold out'
}

/** Returns the list of pictures, the first one large. A listing without pictures gets a quilt. */
function picturesOf(item: Pick<Item, 'id' | 'category_id' | 'title' | 'images'>): HTMLElement {
  const addresses = item.images.length > 0 ? item.images : [undefined]
  const pictures = addresses.map((address, i) =>
    html('li', { class: 'picture' }, pictureFor(item, address, altOf(item, i), i === 0 ? 'eager' : 'lazy')),
  )
  return html('ul', { class: 'pictures', 'aria-label': 'Pictures' }, ...pictures)
}

/** Pictures have no description, so the alt text is the title with a number. */
function altOf({ title, images }: Pick<Item, 'title' | 'images'>, index: number): string {
  return images.length > 1 ? `${title}, picture ${index + 1} of ${images.length}` : title
}

function detailsOf({ item, shop }: Listing, places: Places): HTMLElement {
  const { id, rating } = item.shop
  const delivery = deliveryOf(item)
  delivery.show(null)
  return html(
    'div',
    { class: 'details' },
    html(
      'p',
      { class: 'shop' },
      html('a', { href: hrefOf({ shop: String(id) }), 'data-key': `shop-of-${item.id}` }, shop.name),
      rating === null ? null : ratingOf(rating),
    ),
    buyingOf(item, shop.is_on_vacation, delivery.show),
    delivery.element,
    item.description ? html('p', { class: 'description' }, item.description) : null,
    html('dl', {}, ...factsOf(item, places).flatMap(([name, ...values]) => [html('dt', {}, name), html('dd', {}, ...values)])),
  )
}

/** Makes the choices, the button that puts the listing into the cart, and the place for the outcome, unless it cannot be bought. */
function buyingOf(item: Item, is_on_vacation: boolean, whenChosen: (variant_id: number) => void): HTMLElement | null {
  if (item.quantity === 0 || is_on_vacation) return null
  const button = html('button', { class: 'strong', type: 'submit', 'data-key': 'add-to-cart' }, 'Add to cart')
  const told = html('div', {})
  let variant_id: number | null = null
  const show = (chosen: Chosen) => {
    variant_id = typeof chosen === 'string' ? null : chosen.id
    button.disabled = chosen === 'unoffered' || (typeof chosen !== 'string' && stockOf(item, chosen) === 0)
    told.replaceChildren()
    if (chosen === 'open') return
    if (variant_id !== null) whenChosen(variant_id)
    byId('total').textContent = offerOf(item, chosen)
    const images = chosen === 'unoffered' ? [] : chosen.images
    if (item.variants?.some((variant) => variant.images.length > 0))
      document.querySelector('.pictures')?.replaceWith(picturesOf({ ...item, images: [...images, ...item.images] }))
  }
  const form = html('form', { class: 'buying' }, ...optionsOf(item, show), personalizationOf(item), button, told)
  form.addEventListener('submit', async (event) => {
    event.preventDefault()
    if (button.ariaBusy === 'true') return
    button.ariaBusy = 'true'
    const text = new FormData(form).get('personalization')
    const choice: Choice = { variant_id, personalization: String(text ?? '').trim() || null }
    const { addListing } = await import('./add_to_cart.ts')
    await addListing(item, choice, told).finally(() => {
      button.ariaBusy = 'false'
    })
  })
  return form
}

function factsOf(item: Item, places: Places): Fact[] {
  const { readiness, days_min, days_max } = item.processing
  const category = slugOf(item.category_id, places)
  const made = [makerOf(item), item.when_made?.replace('_to_', ' to ').replace('before_', 'before ').replace('_', '–')]
  const facts: (Fact | null)[] = [
    category ? ['Category', html('a', { href: hrefOf({ category }) }, nameOf(category, places))] : null,
    item.is_vintage ? ['Age', 'Vintage'] : null,
    made.some(Boolean) ? ['Made', made.filter(Boolean).join(', ')] : null,
    [readiness === 'made_to_order' ? 'Made to order' : 'Ready to ship', `in ${daysOf(days_min, days_max)}`],
    item.tags.length > 0 ? ['Tags', ...linksOf(item.tags)] : null,
  ]
  return facts.filter((fact) => fact !== null)
}

function makerOf({ who_made }: Item): string | null {
  return who_made && { i_did: 'by the seller', collective: 'by a group', someone_else: 'by someone else' }[who_made]
}

/** `3 days`, `3 to 5 days`. */
function daysOf(min: number, max: number): string {
  const most = `${max} ${max === 1 ? 'day' : 'days'}`
  return min === max ? most : `${min} to ${most}`
}

/** Makes a link for each tag that searches for it. */
function linksOf(tags: string[]): (string | Node)[] {
  return tags.flatMap((tag, i) => [i > 0 ? ', ' : '', html('a', { href: hrefOf({ q: tag }) }, tag)])
}
