import type { TSchema } from '@sinclair/typebox'

export type Json = Record<string, unknown>

/** A schema as plain JSON: named ones move to `components`, words of our own (`hint`) stay behind. */
export function plain(schema: TSchema, schemas: Json): unknown {
  return lift(JSON.parse(JSON.stringify(schema)), schemas)
}

function lift(node: unknown, schemas: Json): unknown {
  if (Array.isArray(node)) return node.map((member) => lift(member, schemas))
  if (node === null || typeof node !== 'object') return node
  const { $id, hint: _hint, ...rest } = node as Json
  if (typeof rest.$ref === 'string' && !rest.$ref.startsWith('#')) return { $ref: `#/components/schemas/${rest.$ref}` }
  const { properties, ...others } = withoutNoise(rest)
  const lifted: Json = Object.fromEntries(Object.entries(others).map(([key, member]) => [key, lift(member, schemas)]))
  // A property may be called `hint` or `$id`: names of properties are no keywords.
  if (properties)
    lifted.properties = Object.fromEntries(Object.entries(properties).map(([key, member]) => [key, lift(member, schemas)]))
  if (typeof $id !== 'string') return lifted
  const known = schemas[$id]
  if (known && JSON.stringify(known) !== JSON.stringify(lifted)) throw new Error(`Two schemas are called ${$id}`)
  schemas[$id] = lifted
  return { $ref: `#/components/schemas/${$id}` }
}

/** A list of words needs no pattern beside it, which is there for the check alone. */
function withoutNoise({ pattern, ...schema }: Json): Json {
  return pattern === undefined || 'enum' in schema ? schema : { ...schema, pattern }
}
