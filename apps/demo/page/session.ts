/** The session of the buyer. It lasts until the tab closes, and other tabs cannot use it. */
import type { Static } from '@sinclair/typebox'
import type { Session as SessionCreated } from '../../../src/domains/users/schemas.ts'

export type Session = Pick<Static<typeof SessionCreated>, 'token' | 'user'>

const KEY = 'session'
/** The event on `window` after a sign-in or a sign-out. */
export const SESSION_CHANGED = 'session'

let session: Session | null = load()

/** Returns the session, or null for an anonymous visitor. */
export function readSession(): Session | null {
  return session
}

/** Stores a session; null ends it. */
export function storeSession(next: Session | null): void {
  session = next
  if (next) sessionStorage.setItem(KEY, JSON.stringify(next))
  else sessionStorage.clear()
  window.dispatchEvent(new Event(SESSION_CHANGED))
}

/** Returns null if the browser forbids storage, so that search works without it. */
function load(): Session | null {
  try {
    return JSON.parse(sessionStorage.getItem(KEY) ?? 'null')
  } catch {
    return null
  }
}
