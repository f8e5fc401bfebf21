import { Type } from '@sinclair/typebox'
import { Problem } from '../problem.ts'
import { Strict } from './schemas.ts'

/** Entity tags in double quotes, or `*`. */
const IF_MATCH = '^(\\*|(W/)?"[!#-~]*"([ \\t]*,[ \\t]*(W/)?"[!#-~]*")*)$'
const ifMatch = new RegExp(IF_MATCH)

/** For a call's `headers`. */
export const IfMatchHeader = Strict({
  'If-Match': Type.String({
    pattern: IF_MATCH,
    description: 'The ETag that was read, or * for any.',
    examples: ['"1-1764547200000000"', '*'],
  }),
})

/**
 * The versions that an `If-Match` header allows (RFC 9110, 13.1.1); null for `*`. A weak tag never matches, and is left out.
 * 428 without the header, 400 for what is none.
 */
export function readIfMatch(header: string | undefined): string[] | null {
  const value = header?.trim() ?? ''
  if (value === '') throw new Problem('precondition_required', 'Send the ETag that you read as If-Match.')
  if (value === '*') return null
  if (!ifMatch.test(value)) {
    throw new Problem('if_match_invalid', 'If-Match takes entity tags in double quotes, or *.', {
      errors: [{ pointer: '#/If-Match', detail: 'must be entity tags in double quotes, or *' }],
    })
  }
  return [...value.matchAll(/(W\/)?"([^"]*)"/g)].filter((match) => !match[1]).map((match) => match[2] ?? '')
}
