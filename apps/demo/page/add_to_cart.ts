/** Adds a listing to the cart. */
import type { Item } from './api.ts'
import { html } from './build.ts'
import { addToCart } from './buying.ts'
import { problemFor } from './form.ts'
import { updateCount } from './header.ts'
import { holdLine } from './hold.ts'
import type { Choice } from './options.ts'
import { readSession } from './session.ts'
import { askToSignIn } from './sign_in.ts'
import { rememberPicture } from './thumbnails.ts'
import { hrefOf } from './view.ts'

const WHY = 'A cart holds the last one of an item for 15 minutes, so it needs to know whose it is.'

/** Adds one unit, after the visitor has signed in. Shows the outcome in `told`. */
export async function addListing(item: Item, choice: Choice, told: HTMLElement): Promise<void> {
  if (!readSession() && !(await askToSignIn(WHY, 'guest'))) return
  try {
    const { reserved_until } = await addToCart(item.id, choice)
    rememberPicture(item)
    const link = html('a', { href: hrefOf({ page: 'cart' }), 'data-key': 'see-cart' }, 'See the cart')
    told.replaceChildren(
      html('p', { role: 'status' }, 'It is in your cart. ', link),
      ...(reserved_until ? [holdLine(reserved_until)] : []),
    )
    await updateCount()
  } catch (error) {
    told.replaceChildren(problemFor(error))
  }
}
