import type { PostgresError } from 'postgres'

/** What the database refused with: an own SQLSTATE or PostgreSQL's, and the constraint where it was one. */
export type Refusal = { code: string; message: string; detail: Record<string, unknown>; constraint: string | undefined }

/** Waits for a statement to be refused; throws when it is not. */
export async function refusalOf(statement: PromiseLike<unknown>): Promise<Refusal> {
  try {
    await statement
  } catch (error) {
    const { code, message, detail, constraint_name } = error as PostgresError
    return { code, message, detail: detail?.startsWith('{') ? JSON.parse(detail) : {}, constraint: constraint_name }
  }
  throw new Error('The statement was expected to be refused, and was not.')
}

/** `done`, or the SQLSTATE that refused it. For races, where either is right. */
export async function outcomeOf(statement: PromiseLike<unknown>): Promise<string> {
  try {
    await statement
    return 'done'
  } catch (error) {
    return (error as Partial<PostgresError>).code ?? String(error)
  }
}

/** How often each outcome came. */
export function tally(outcomes: string[]): Record<string, number> {
  const counts: Record<string, number> = {}
  for (const outcome of outcomes) counts[outcome] = (counts[outcome] ?? 0) + 1
  return counts
}
