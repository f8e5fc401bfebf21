import type { PostgresError } from 'postgres'

/** An error of the database. `code` is a SQLSTATE of this project or of PostgreSQL. `constraint` is the violated one, if any. */
export type Refusal = { code: string; message: string; detail: Record<string, unknown>; constraint: string | undefined }

/** Returns the error of a statement. Throws if the statement succeeds. */
export async function refusalOf(statement: PromiseLike<unknown>): Promise<Refusal> {
  try {
    await statement
  } catch (error) {
    const { code, message, detail, constraint_name } = error as PostgresError
    return { code, message, detail: detail?.startsWith('{') ? JSON.parse(detail) : {}, constraint: constraint_name }
  }
  throw new Error('The statement was expected to be refused, and was not.')
}

/** Returns `done`, or the SQLSTATE of the error. For races in which both are right. */
export async function outcomeOf(statement: PromiseLike<unknown>): Promise<string> {
  try {
    await statement
    return 'done'
  } catch (error) {
    return (error as Partial<PostgresError>).code ?? String(error)
  }
}

/** Returns the number of times that each outcome occurs. */
export function tally(outcomes: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}
