/** The pages of the buyer. Only their visitors load this module and those that it imports. */
import { html } from './build.ts'
import { showCart } from './cart.ts'
import { showCheckout } from './checkout.ts'
import { message } from './notes.ts'
import { showOrder } from './order.ts'
import { showOrders } from './orders.ts'
import { showPayment } from './payment.ts'
import { renderBuyerPage, titleOfBuyerPage } from './render.ts'
import { readSession } from './session.ts'
import { askToSignIn } from './sign_in.ts'
import type { View } from './view.ts'

/** A page on the screen. `signal` aborts when another view replaces it. `go` shows another view. */
export type BuyerPage = { view: View; signal: AbortSignal; go: (view: View) => void }

/** Shows the page of a view. The visitor has to sign in first. Throws a Refusal or the error of `fetch`. */
export async function showBuyerPage(page: BuyerPage): Promise<void> {
  if (!readSession()) return showInvitation(page)
  const { view } = page
  if (view.order) return showOrder(page)
  if (view.checkout) return showPayment(page)
  const show = view.page === 'orders' ? showOrders : view.page === 'checkout' ? showCheckout : showCart
  await show(page)
}

/** After the sign-in, page.ts shows the view again. */
function showInvitation({ view }: BuyerPage): void {
  const button = html('button', { class: 'strong', type: 'button', 'data-key': 'sign-in' }, 'Sign in')
  button.addEventListener('click', () => void askToSignIn('It takes a few seconds, and no mail has to be confirmed.', 'sign_in'))
  const invitation = message('Please sign in first', 'A cart and its orders belong to one person.', [button])
  renderBuyerPage(view, titleOfBuyerPage(view), '', [invitation])
}
