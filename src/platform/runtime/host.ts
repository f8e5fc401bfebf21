/** Characters of a host with its port. Deno takes any other text in a Host for a part of the path. */
const LETTERS = /^[\w.~%!$&'()*+,;=:[\]-]+$/

/** The host and port of a Host header as a URL spells them; null for a header that makes no URL. */
export function hostInUrl(header: string): string | null {
  return LETTERS.test(header) ? (URL.parse(`http://${header}`)?.host ?? null) : null
}
