/** The page of one checkout: paid, not decided yet, waiting for a step of the buyer, or ended without a charge. */

import { html, whenClicked } from './build.ts'
import type { BuyerPage } from './buyer_pages.ts'
import { type Checkout, cancelCheckout, readCheckout } from './buying.ts'
import { problemFor } from './form.ts'
import { updateCount } from './header.ts'
import { message } from './notes.ts'
import { orderList } from './orders.ts'
import { renderBuyerPage } from './render.ts'
import { totalsOf } from './totals.ts'
import { hrefOf } from './view.ts'

/** The pause between two reads of a checkout that is not decided. */
const PAUSE_MS = 2000

/** Shows the checkout, and each change of its payment until it is decided. */
export async function showPayment({ view, signal }: BuyerPage): Promise<void> {
  const id = view.checkout as string
  let shown = ''
  const show = (checkout: Checkout) => {
    const { status } = checkout.payment
    if (signal.aborted || shown === status) return
    if (shown) void updateCount()
    shown = status
    const [title, ...parts] = partsOf(checkout, giveUp)
    renderBuyerPage(view, title, `Checkout ${checkout.checkout_id}`, [...parts, summaryOf(checkout)])
  }
  const giveUp = async (told: HTMLElement) => {
    try {
      show(await cancelCheckout(Number(id)))
    } catch (error) {
      told.replaceChildren(problemFor(error))
    }
  }
  let checkout = await readCheckout(id)
  show(checkout)
  void follow()

  /** A read that fails is repeated like one that brings no news. */
  async function follow(): Promise<void> {
    while (checkout.status === 'pending') {
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS))
      if (signal.aborted) return
      checkout = await readCheckout(id).catch(() => checkout)
      show(checkout)
    }
  }
}

function summaryOf(checkout: Checkout): HTMLElement {
  return html('aside', { class: 'summary', 'aria-label': 'Total' }, totalsOf(checkout))
}

/** Returns the title and the parts of a state. */
function partsOf(checkout: Checkout, giveUp: (told: HTMLElement) => Promise<void>): [string, ...HTMLElement[]] {
  const { payment, orders } = checkout
  if (checkout.status === 'paid') {
    const words = orders.length > 1 ? `Each of the ${orders.length} shops sends its own parcel.` : 'The shop has your order.'
    const list = html('div', { class: 'column' }, html('p', {}, words), orderList(orders))
    return ['Thank you, it is paid', list]
  }
  if (checkout.status !== 'pending') {
    const why = ENDED[payment.status] ?? 'The payment did not succeed.'
    const cart = html('a', { href: hrefOf({ page: 'cart' }), 'data-key': 'to-cart' }, 'Back to the cart')
    return ['Nothing was charged', message(why, 'The items are back in your cart.', [cart])]
  }
  const told = html('div', {})
  const give_up = html('button', { type: 'button', 'data-key': 'give-up' }, 'Give it up')
  whenClicked(give_up, () => giveUp(told))
  const waiting = payment.status === 'requires_action' ? stepOf(payment, give_up) : undecided(give_up)
  waiting.append(told)
  return [payment.status === 'requires_action' ? 'Your bank asks for a step' : 'The payment is on its way', waiting]
}

const ENDED: Record<string, string> = {
  declined: 'The bank declined the payment.',
  cancelled: 'The payment was given up.',
}

/** The bank's page opens in another tab: this one keeps the session, and notices the outcome. */
function stepOf({ next_action }: Checkout['payment'], give_up: HTMLElement): HTMLElement {
  const words = 'The items stay yours for at most 15 minutes. This page changes as soon as the bank has decided.'
  if (!next_action?.url) return message('Confirm the payment with your bank', words, [give_up])
  const href = next_action.url
  const bank = html('a', { class: 'strong', href, target: '_blank', rel: 'noopener', 'data-key': 'bank' }, 'Go to the bank')
  return message('Confirm the payment on the page of your bank', words, [bank, give_up])
}

function undecided(give_up: HTMLElement): HTMLElement {
  return message('The bank has not decided yet', 'Do not buy again. This page changes as soon as it has.', [give_up])
}
