import { Type } from '@sinclair/typebox'
import { Problem } from '../platform/problem.ts'
import { Strict } from './schemas.ts'

/** Entity tags in double quotes, or `*`. */
const IF_MATCH = '^(\\*|(W/)?"[!#-~]*"([ \\t]*,[ \\t]*(W/)?"[!#-~]*")*)$'
const ifMatch = new RegExp(IF_MATCH)

const IfMatch = Type.String({
  pattern: IF_MATCH,
  description: 'The ETag of the last read, or * for any. If the resource has changed since, the call returns 412.',
  examples: ['"1-1764547200000000"', '*'],
})

/** For the `headers` of a call that needs the header. */
export const IfMatchHeader = Strict({ 'If-Match': IfMatch })
/** For the `headers` of a call where the header is optional. */
export const OptionalIfMatchHeader = Strict({ 'If-Match': Type.Optional(IfMatch) })

/**
 * Returns the versions that an `If-Match` header allows (RFC 9110, 13.1.1), or null for `*`. Omits weak tags, because they never
 * match. Throws 428 if the header is missing, and 400 if it is invalid.
 */
export function readIfMatch(header: string | undefined): string[] | null {
  if (header === undefined || header.trim() === '')
    throw new Problem('precondition_required', 'Send the ETag of your last read as If-Match.')
  return readOptionalIfMatch(header)
}

/** Like readIfMatch for an optional header: returns null without it. */
export function readOptionalIfMatch(header: string | undefined): string[] | null {
  const value = header?.trim() ?? ''
  if (value === '*' || header === undefined) return null
  if (!ifMatch.test(value)) {
    throw new Problem('if_match_invalid', 'If-Match must hold entity tags in double quotes, or *.', {
      errors: [{ pointer: '#/If-Match', detail: 'must be entity tags in double quotes, or *' }],
    })
  }
  return [...value.matchAll(/(W\/)?"([^"]*)"/g)].filter((match) => !match[1]).map((match) => match[2] ?? '')
}
