/** The links of the header that depend on the session. */
import { byId } from './build.ts'
import type { Cart } from './buying.ts'
import { readSession, SESSION_CHANGED } from './session.ts'
import { count } from './words.ts'

/** Shows the account and the number of units in the cart, now and after each change of the session. */
export function watchSession(): void {
  window.addEventListener(SESSION_CHANGED, () => void showSession())
  void showSession()
}

/** Shows the number of units in a cart. */
export function showCount(cart: Cart | null): void {
  const units = (cart?.shops ?? []).flatMap(({ items }) => items).reduce((sum, { quantity }) => sum + quantity, 0)
  byId('cart-count').textContent = units > 0 ? count(units) : ''
}

/** Reads the cart for its number. Without a response the number stays. An anonymous visitor never loads the module. */
export async function updateCount(): Promise<void> {
  const { readCart } = await import('./buying.ts')
  const cart = await readCart().catch(() => undefined)
  if (cart) showCount(cart)
}

async function showSession(): Promise<void> {
  const session = readSession()
  byId('account-word').textContent = session ? 'Orders' : 'Sign in'
  if (session) await updateCount()
  else showCount(null)
}
