import { Hono } from 'hono'
import { Problem } from '../../platform/problem.ts'
import type { Env } from '../env.ts'

/** RFC 9116, 2.5.5, recommends less than a year. */
const VALID_DAYS = 180
const DAY_MS = 24 * 60 * 60 * 1000

/** `/.well-known/security.txt` (RFC 9116): the contact for reports of vulnerabilities. Returns 404 without a SECURITY_CONTACT. */
export const securityTxt = new Hono<Env>().get('/.well-known/security.txt', (c) => {
  const contact = c.get('security_contact')
  if (contact === null) throw new Problem('not_found', 'This server has no SECURITY_CONTACT.')
  const text = renderSecurityTxt(contact, c.get('public_url'), new Date())
  return c.body(text, 200, { 'Content-Type': 'text/plain; charset=utf-8', 'Cache-Control': 'public, max-age=86400' })
})

/** Returns the file for this day. It expires at a midnight, so that all processes return the same text. */
export function renderSecurityTxt(contact: string, public_url: string | undefined, now: Date): string {
  const today_ms = Math.floor(now.getTime() / DAY_MS) * DAY_MS
  const expires = new Date(today_ms + VALID_DAYS * DAY_MS).toISOString().replace('.000Z', 'Z')
  const canonical = public_url?.startsWith('https:') ? [`Canonical: ${public_url}/.well-known/security.txt`] : []
  return `${[`Contact: ${contact}`, `Expires: ${expires}`, 'Preferred-Languages: en', ...canonical].join('\n')}\n`
}
