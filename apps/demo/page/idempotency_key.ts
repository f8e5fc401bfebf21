/** The Idempotency-Key of a purchase. */

const KEY = 'attempt'

/**
 * Returns the key for a request. An equal request that got no response before, also before a reload, has the same key: the market
 * then charges at most once.
 */
export function keyFor(body: object): string {
  const text = JSON.stringify(body)
  const attempt = JSON.parse(sessionStorage.getItem(KEY) ?? '{}')
  if (attempt.text === text) return attempt.key
  const key = newKey()
  sessionStorage.setItem(KEY, JSON.stringify({ text, key }))
  return key
}

/** Makes the next request a new purchase. */
export function forgetKey(): void {
  sessionStorage.removeItem(KEY)
}

/** Not crypto.randomUUID, which a page on http:// of another host lacks. */
function newKey(): string {
  return Array.from(crypto.getRandomValues(new Uint8Array(16)), (byte) => byte.toString(16).padStart(2, '0')).join('')
}
