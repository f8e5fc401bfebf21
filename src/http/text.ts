/** Text that a person wrote. Its length counts characters, as PostgreSQL and JSON Schema do; TypeBox's own strings count UTF-16 units. */
import { Kind, type TSchema, Type, TypeRegistry } from '@sinclair/typebox'

export interface TText extends TSchema {
  [Kind]: 'Text'
  static: string
  minLength: number
  maxLength: number
}

export function Text(minLength: number, maxLength: number, description?: string): TText {
  return Type.Unsafe<string>({
    [Kind]: 'Text',
    type: 'string',
    minLength,
    maxLength,
    ...(description ? { description } : {}),
  }) as unknown as TText
}

TypeRegistry.Set<TText>('Text', (schema, value) => typeof value === 'string' && fits(schema, value))

/** Nothing but spaces and characters that nobody sees: no name for a shop or an item. */
function isBlank(value: string): boolean {
  return /^[\s\p{Cf}\p{Cc}]*$/u.test(value)
}

/** What is wrong with a value that is not such a text. */
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
  // Characters are at most as many as units, and at least half as many.
  if (value.length >= 2 * minLength && value.length <= maxLength) return true
  const characters = countCharacters(value, maxLength)
  return characters >= minLength && characters <= maxLength
}

/** Stops counting one above the limit: a long text is not walked to its end. */
function countCharacters(value: string, limit: number): number {
  let count = 0
  for (const _ of value) if (++count > limit) break
  return count
}
