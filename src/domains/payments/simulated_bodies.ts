/** The bodies of requests to the simulated provider (simulated_server.ts). */
import { type Static, type TSchema, Type } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'

export const Amount = Type.String({ pattern: '^\\d{1,10}\\.\\d{2}$' })
export const Key = Type.String({ minLength: 1, maxLength: 255 })

export class MalformedBody extends Error {}

/** Returns the body of a request. Throws MalformedBody unless it fits the schema. */
export async function read<S extends TSchema>(schema: S, request: Request): Promise<Static<S>> {
  const body: unknown = await request.json().catch(() => null)
  if (!Value.Check(schema, body)) throw new MalformedBody('the body is not as it must be')
  return body
}
