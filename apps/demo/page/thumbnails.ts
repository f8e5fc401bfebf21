/** Small pictures beside the lines of carts and orders. */
import type { Item } from './api.ts'
import { pictureFor } from './cards.ts'

/** Keeps what draws the picture of a listing: carts and orders of the API have none. */
export function rememberPicture({ id, category_id, images }: Item): void {
  sessionStorage.setItem(`picture-${id}`, JSON.stringify({ category_id, image: images[0] }))
}

/** Returns the picture of a listing that this tab has put into a cart, else a quilt. */
export function thumbnailFor(product_id: number): Element {
  const { category_id = null, image } = JSON.parse(sessionStorage.getItem(`picture-${product_id}`) ?? '{}')
  return pictureFor({ id: product_id, category_id }, image, '', 'lazy')
}
