/** The string formats that schemas name. TypeBox refuses every value of a format that it does not know. */
import { FormatRegistry } from '@sinclair/typebox'

/**
 * RFC 3986 with the two schemes that a browser shows; without a name or password before the host, which only deceive. ASCII
 * alone: whatever else a URL names is percent-encoded. Of addresses in brackets only the one of a server on one's own machine.
 */
export const HTTP_URL =
  '' +
  "^https?://([A-Za-z0-9._~-]+|\\[::1\\])(:[0-9]{1,5})?([/?]([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?(#([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?$"
const http_url = new RegExp(HTTP_URL)

/**
 * An address that every mail server takes, in ASCII: a dot-atom, @, and a host name (RFC 5321, 4.1.2). A domain in another script
 * is written as its A-label (xn--…). PostgreSQL holds new accounts to the same pattern: tg_users__check_email.
 */
export const EMAIL =
  '' +
  "^[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*@([A-Za-z0-9]([A-Za-z0-9-]{0,61}[A-Za-z0-9])?\\.)+[A-Za-z][A-Za-z0-9-]{0,61}[A-Za-z0-9]$"
const email = new RegExp(EMAIL)
/** RFC 5321, 4.5.3.1.1. */
const MAX_LOCAL_PART = 64

FormatRegistry.Set('email', (value) => email.test(value) && value.indexOf('@') <= MAX_LOCAL_PART)
FormatRegistry.Set(
  'date-time',
  (value) => /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/.test(value) && !Number.isNaN(Date.parse(value)),
)
// A day of the calendar: where Date takes 30 February for 1 March, this does not.
FormatRegistry.Set('date', (value) => {
  const time = /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value)
})
FormatRegistry.Set('uri', (value) => http_url.test(value))
