/**
 * Text written by a person. Its length counts characters, as in PostgreSQL and JSON Schema. TypeBox's own strings count UTF-16
 * units.
 */
import { Kind, type TSchema, Type, TypeRegistry } from '@sinclair/typebox'

/**
 * A visible character: not a space, a control or a zero-width character. The ranges use the only spelling that every dialect of
 * regular expressions reads alike, because clients in all languages use the document.
 */
const SEEN =
  '' +
  '[^\\u0000-\\u0020\\u007f-\\u00a0\\u00ad\\u061c\\u1680\\u180e\\u2000-\\u200f\\u2028-\\u202f\\u205f-\\u206f\\u3000\\ufeff\\ufff9-\\ufffb]'
const seen = new RegExp(SEEN, 'u')

export interface TText extends TSchema {
  [Kind]: 'Text'
  static: string
  minLength: number
  maxLength: number
}

/** A text of at least 1 character must have a visible one. */
export function Text(minLength: number, maxLength: number, description?: string): TText {
  return Type.Unsafe<string>({
    [Kind]: 'Text',
    type: 'string',
    minLength,
    maxLength,
    ...(minLength > 0 ? { pattern: SEEN } : {}),
    ...(description ? { description } : {}),
  }) as unknown as TText
}

TypeRegistry.Set<TText>('Text', (schema, value) => typeof value === 'string' && fits(schema, value))

/** Whether a text has no visible character. */
function isBlank(value: string): boolean {
  return !seen.test(value)
}

/** Returns why a value is not such a text. */
export function describeText({ minLength, maxLength }: TText, value: unknown): string {
  if (typeof value !== 'string') return 'must be a string'
  if (minLength > 0 && value !== '' && isBlank(value)) return 'must not be blank'
  return countCharacters(value, maxLength) < minLength ? tooShort(minLength) : tooLong(maxLength)
}

export function tooShort(minLength: number): string {
  return minLength === 1 ? 'must not be empty' : `must have at least ${minLength} characters`
}

export function tooLong(maxLength: number): string {
  return `must have at most ${maxLength} characters`
}

function fits({ minLength, maxLength }: TText, value: string): boolean {
  if (minLength > 0 && isBlank(value)) return false
  // A text has at most as many characters as UTF-16 units, and at least half as many.
  if (value.length >= 2 * minLength && value.length <= maxLength) return true
  const characters = countCharacters(value, maxLength)
  return characters >= minLength && characters <= maxLength
}

/** Stops counting one above the limit, so that a long text is not read to its end. */
function countCharacters(value: string, limit: number): number {
  let count = 0
  for (const _ of value) if (++count > limit) break
  return count
}
