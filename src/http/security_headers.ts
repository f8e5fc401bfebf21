/**
 * Set on every response, unless a page sets its own. A browser has no reason to run or frame a response of an API. There is no
 * Strict-Transport-Security, because only the server that terminates TLS can decide whether its name is served over TLS alone.
 */
export const SECURITY = {
  'X-Content-Type-Options': 'nosniff',
  'Content-Security-Policy': "default-src 'none'; frame-ancestors 'none'",
  'Referrer-Policy': 'no-referrer',
  'X-Frame-Options': 'DENY',
}
