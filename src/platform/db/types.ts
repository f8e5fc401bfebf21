/** TypeBox kinds for the columns and arguments of statements. `statement.test.ts` compares them with PostgreSQL's types. */
import { type TSchema, Type } from '@sinclair/typebox'

/** A `json` column: the text that PostgreSQL rendered. */
export const Json = Type.String({ pg: 'json' })
/** A `jsonb` argument or column: any JSON value. */
export const Jsonb = Type.Unknown({ pg: 'jsonb' })
/** A `numeric`: a decimal string, exact. */
export const Numeric = Type.String({ pg: 'numeric' })
/** A `timestamptz`. */
export const Timestamptz = Type.Date()
/** A `date`: a day as `2026-11-23`, in no time zone. */
export const Day = Type.String({ pg: 'date' })
/** A `bytea`. */
export const Bytes = Type.Uint8Array()
/** A `uuid`. */
export const Uuid = Type.String({ pg: 'uuid' })
/** The result of a function that returns void. */
export const Void = Type.Unknown({ pg: 'void' })

/** The schema, or null. */
export function Nullable<T extends TSchema>(schema: T) {
  return Type.Union([schema, Type.Null()])
}
