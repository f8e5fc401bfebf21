/** The characters of a host with its port. Deno reads any other text in a Host as a part of the path. */
const LETTERS = /^[\w.~%!$&'()*+,;=:[\]-]+$/

/** Returns the host and port of a Host header as a URL spells them, or null for a header that makes no URL. */
export function hostInUrl(header: string): string | null {
  return LETTERS.test(header) ? (URL.parse(`http://${header}`)?.host ?? null) : null
}
