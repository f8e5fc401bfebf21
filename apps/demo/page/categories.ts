/** The category tree, by slug. Names can repeat: "Jewelry" has two parents. */
import type { Category } from '../../../src/domains/categories/routes.ts'

/** `parents` are slugs from the top down; `within` is the name of the direct parent. */
export type Place = { id: number; name: string; parents: string[]; within: string | null }
export type Places = ReadonlyMap<string, Place>

export function placesOf(tree: readonly Category[]): Places {
  const places = new Map<string, Place>()
  const walk = (categories: readonly Category[], parents: string[], within: string | null) => {
    for (const { id, slug, name, children } of categories) {
      places.set(slug, { id, name, parents, within })
      walk(children, [...parents, slug], name)
    }
  }
  walk(tree, [], null)
  return places
}

/** Returns the name of a category. Makes one from the slug if the category is unknown or the tree is not loaded yet. */
export function nameOf(slug: string, places: Places): string {
  return places.get(slug)?.name ?? slug.charAt(0).toUpperCase() + slug.slice(1).replaceAll('-', ' ')
}

/** Returns the slug of the category with this id, or null if the tree lacks it. */
export function slugOf(id: number | null, places: Places): string | null {
  for (const [slug, place] of places) if (place.id === id) return slug
  return null
}
