/** The string formats of the schemas. TypeBox refuses every value of an unknown format. */
import { FormatRegistry } from '@sinclair/typebox'

/**
 * RFC 3986 with the two schemes that a browser opens, in ASCII with percent-encoding. A user or password before the host is not
 * allowed, because it only deceives. The only address in brackets is that of the local machine.
 */
export const HTTP_URL =
  '' +
  "^https?://([A-Za-z0-9._~-]+|\\[::1\\])(:[0-9]{1,5})?([/?]([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?(#([A-Za-z0-9._~!$&'()*+,;=:@/?-]|%[0-9A-Fa-f]{2})*)?$"
const http_url = new RegExp(HTTP_URL)

/**
 * An address that every mail server accepts, in ASCII: a dot-atom, @, and a host name (RFC 5321, 4.1.2). A domain in another
 * script is written as its A-label (xn--…). PostgreSQL checks new accounts against the same pattern: tg_users__check_email.
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
// Date reads 30 February as 1 March. This format refuses it.
FormatRegistry.Set('date', (value) => {
  const time = /^\d{4}-\d\d-\d\d$/.test(value) ? Date.parse(`${value}T00:00:00Z`) : Number.NaN
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(value)
})
FormatRegistry.Set('uri', (value) => http_url.test(value))
