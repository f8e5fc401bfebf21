import type { TSchema } from '@sinclair/typebox'

/**
 * Returns a value that the schema describes, with optional fields, made of the examples of its parts. If null is allowed and no
 * other alternative has an example, the value is null. A list has one entry, or none if its schema refers back to itself.
 */
export function exampleOf(schema: TSchema): unknown {
  const [given] = schema.examples ?? []
  if (given !== undefined) return given
  if ('const' in schema) return schema.const
  if ('default' in schema) return schema.default
  if (schema.enum) return schema.enum[0]
  if (schema.anyOf) return exampleOf(schema.anyOf.find(isTelling) ?? schema.anyOf.at(-1))
  if (schema.type === 'array') return schema.items.$ref ? [] : [exampleOf(schema.items)]
  if (schema.type === 'null') return null
  if (schema.type === 'boolean') return false
  if (schema.type === 'string') return ''
  if (schema.type === 'integer' || schema.type === 'number') return schema.minimum ?? 0
  const properties = Object.entries((schema.properties ?? {}) as Record<string, TSchema>)
  return Object.fromEntries(properties.map(([name, property]) => [name, exampleOf(property)]))
}

/** Whether an example of this schema is informative. */
function isTelling(schema: TSchema): boolean {
  return Boolean(schema.examples ?? schema.enum ?? (schema.type === 'object' || 'const' in schema))
}
