import type { TSchema } from '@sinclair/typebox'

export type Json = Record<string, unknown>

/** Returns a schema as plain JSON. Named schemas move to `components`. Our own keywords (`hint`) are removed. */
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
  // A property can have the name `hint` or `$id`. Names of properties are not keywords.
  if (properties)
    lifted.properties = Object.fromEntries(Object.entries(properties).map(([key, member]) => [key, lift(member, schemas)]))
  if (typeof $id !== 'string') return lifted
  const known = schemas[$id]
  if (known && JSON.stringify(known) !== JSON.stringify(lifted)) throw new Error(`Two schemas are called ${$id}`)
  schemas[$id] = lifted
  return { $ref: `#/components/schemas/${$id}` }
}

/** Removes the pattern beside a list of words, because only the check needs it. */
function withoutNoise({ pattern, ...schema }: Json): Json {
  return pattern === undefined || 'enum' in schema ? schema : { ...schema, pattern }
}
