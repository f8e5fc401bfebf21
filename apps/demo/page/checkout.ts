/** The page that checks the cart out: the address, the card, and what it costs. */

import { addressChoice, countryOf, keepAddress, readAddressChoice } from './address_choice.ts'
import { html } from './build.ts'
import type { BuyerPage } from './buyer_pages.ts'
import { type Cart, checkOut, readAddresses, readCart } from './buying.ts'
import { emptyCart, reasonOf } from './cart.ts'
import { readCountry } from './countries.ts'
import { arrival } from './delivery.ts'
import { whenSubmitted } from './form.ts'
import { showCount, updateCount } from './header.ts'
import { holdLine } from './hold.ts'
import { forgetKey, keyFor } from './idempotency_key.ts'
import { paymentMethods } from './payment_methods.ts'
import { renderBuyerPage } from './render.ts'
import { Refusal } from './request.ts'
import { readSession } from './session.ts'
import { noteFields, readNotes } from './shop_notes.ts'
import { totalsOf } from './totals.ts'
import { dollars } from './words.ts'

/** Shows the form. Its submission shows the page of the checkout. */
export async function showCheckout(page: BuyerPage): Promise<void> {
  const book = await readAddresses()
  let country = book[0]?.country ?? readCountry()
  let cart = await readCart(country)
  if (page.signal.aborted) return
  showCount(cart)
  if (cart.shops.length === 0) return renderBuyerPage(page.view, 'Check out', '', [emptyCart()])
  const user = readSession()?.user
  const form = html(
    'form',
    { class: 'column', id: 'check-out' },
    part('Where it goes', addressChoice(book, user && !user.is_guest ? user.display_name : '')),
    part('What the shops should know', ...noteFields(cart)),
    part('How you pay', paymentMethods()),
  )
  const costs = html('div', { class: 'column' })
  const pay = html('button', { class: 'strong', type: 'submit', form: form.id, 'data-key': 'pay' })
  const showCosts = () => {
    costs.replaceChildren(...costsOf(cart, country))
    pay.textContent = `Pay ${dollars(cart.total)}`
  }
  renderBuyerPage(page.view, 'Check out', '', [form, html('aside', { class: 'summary', 'aria-label': 'Costs' }, costs, pay)])
  showCosts()
  form.addEventListener('change', async () => {
    const chosen = countryOf(form, book)
    if (chosen === country) return
    country = chosen
    pay.ariaBusy = 'true'
    const quoted = await readCart(chosen).catch(() => null)
    // A later choice has a quote of its own.
    if (chosen !== country) return
    pay.ariaBusy = 'false'
    if (quoted) cart = quoted
    showCosts()
  })
  whenSubmitted(form, pay, async () => {
    try {
      const checkout = await send(form, cart)
      page.go({ checkout: String(checkout.checkout_id) })
      await updateCount()
    } catch (error) {
      if (error instanceof Refusal) {
        cart = await readCart(country)
        showCosts()
      }
      throw error
    }
  })
}

/** Sends the checkout with the total that the page shows. A response frees the key, unless the market may still charge. */
async function send(form: HTMLFormElement, cart: Cart) {
  const payment_method = String(new FormData(form).get('payment_method'))
  const body = { ...readAddressChoice(form), payment_method, expected_total: cart.total, notes: readNotes(form, cart) }
  try {
    const checkout = await checkOut(body, keyFor(body))
    forgetKey()
    await keepAddress(form, body)
    return checkout
  } catch (error) {
    if (error instanceof Refusal && isFinal(error)) forgetKey()
    throw error
  }
}

/** Returns whether the market will not charge for this key anymore. */
function isFinal({ status, code }: Refusal): boolean {
  return code === 'payment_unavailable' || (status < 500 && code !== 'idempotency_in_progress')
}

function part(title: string, ...children: HTMLElement[]): HTMLElement {
  return html('section', {}, html('h2', {}, title), ...children)
}

/** Makes the shops with their lines, and the totals of those that can be ordered. */
function costsOf(cart: Cart, country: string): HTMLElement[] {
  const shops = cart.shops.map(({ shop, items, delivery }) =>
    html(
      'section',
      {},
      html('h2', {}, shop.name),
      ...items.map((line) => {
        const { title, quantity, reserved_until, available } = line
        const reason = reasonOf(line, country)
        return html(
          'div',
          {},
          html('p', {}, quantity > 1 ? `${quantity} × ${title}` : title),
          reason ? html('p', { class: 'hold over' }, reason) : null,
          available && reserved_until ? holdLine(reserved_until) : null,
        )
      }),
      arrival(delivery),
    ),
  )
  return [...shops, totalsOf(cart)]
}
