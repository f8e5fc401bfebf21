import type { TSchema } from '@sinclair/typebox'
import { type TypeCheck, TypeCompiler } from '@sinclair/typebox/compiler'
import '../formats.ts'

const compiled = new WeakMap<TSchema, TypeCheck<TSchema>>()

/** Returns the compiled check of a schema. Compiles it at the first use. */
export function compile(schema: TSchema): TypeCheck<TSchema> {
  let check = compiled.get(schema)
  if (!check) {
    check = TypeCompiler.Compile(schema)
    compiled.set(schema, check)
  }
  return check
}
