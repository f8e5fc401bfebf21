import type { TSchema } from '@sinclair/typebox'
import type { Context } from 'hono'
import { compile } from './compile.ts'

type Declared = { id: string; answers: Record<number, TSchema | null>; answer_type?: string }

/** Throws if a success does not match its declaration: another status, another shape, an undeclared field. */
export async function checkResponse(operation: Declared, c: Context): Promise<void> {
  const { status } = c.res
  if (status >= 400 || status === 304) return
  if (!(status in operation.answers)) throw new Error(`${operation.id} answered ${status}, which it does not declare`)
  const schema = operation.answers[status]
  if (schema && operation.answer_type) {
    const type = c.res.headers.get('content-type')?.split(';')[0]
    if (type !== operation.answer_type) throw new Error(`${operation.id} answered ${type}, which it does not declare`)
    return
  }
  const text = await c.res.clone().text()
  if (!schema) {
    if (text !== '') throw new Error(`${operation.id} answered a body with ${status}, which it does not declare`)
    return
  }
  const error = compile(schema).Errors(JSON.parse(text)).First()
  if (error)
    throw new Error(`${operation.id} answered ${status} with ${error.path}: ${error.message}, got ${JSON.stringify(error.value)}`)
}
