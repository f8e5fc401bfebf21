/**
 * Compares the response times for known and unknown e-mails, in turn and one at a time: a difference would tell which e-mails have
 * an account.
 */
import { makePeople } from '../test/support/people.ts'
import { type Figure, withBench } from './bench.ts'

/** Of each side in a round. */
const CALLS = 200

/** The calls that take an e-mail of anybody, each with its body. */
const CALLS_WITH_EMAIL: { name: string; path: string; status: number; body: (email: string) => object }[] = [
  { name: 'password reset', path: '/v1/password-resets', status: 202, body: (email) => ({ email }) },
  { name: 'sign-in', path: '/v1/sessions', status: 401, body: (email) => ({ email, password: 'not the password' }) },
  { name: 'guest', path: '/v1/guests', status: 201, body: (email) => ({ email }) },
]

/** Returns the medians of both sides in milliseconds, and the ratio of the known to the unknown one. */
export async function benchEnumeration(database_url: string | undefined, rounds: number): Promise<Figure[]> {
  return withBench(database_url, { has_catalog: false }, async ({ sql, start }) => {
    const people = await makePeople(sql, CALLS)
    const emails = await sql<{ email: string }[]>`select email from users where id = any(${people.map(({ id }) => id)})`
    const { url } = await start({ PASSWORD_MEMORY_KIB: '19456' })
    const figures: Figure[] = []
    for (const { name, path, status, body } of CALLS_WITH_EMAIL) {
      const took: Record<'known' | 'unknown', number[]> = { known: [], unknown: [] }
      const call = async (email: string) => {
        const began = performance.now()
        const response = await fetch(url + path, {
          method: 'POST',
          headers: { 'Content-Type': 'application/json' },
          body: JSON.stringify(body(email)),
        })
        await response.arrayBuffer()
        if (response.status !== status) throw new Error(`${path} returned ${response.status} instead of ${status}.`)
        return performance.now() - began
      }
      // Round 0 warms up.
      for (let round = 0; round <= rounds; round++) {
        for (const [place, { email }] of emails.entries()) {
          const pair = [() => call(email), () => call(`${crypto.randomUUID()}@example.com`)]
          // Either side is first equally often.
          const order = place % 2 ? [0, 1] : [1, 0]
          for (const side of order) {
            const took_ms = await (pair[side] as () => Promise<number>)()
            if (round > 0) took[side === 0 ? 'known' : 'unknown'].push(took_ms)
          }
        }
      }
      const [known, unknown] = [median(took.known), median(took.unknown)]
      const ratio = (known / unknown).toFixed(3)
      figures.push({
        name: `${name}, known e-mail`,
        value: `${ratio} of unknown (${known.toFixed(2)} and ${unknown.toFixed(2)} ms)`,
      })
    }
    return figures
  })
}

const median = (values: number[]): number => values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)] as number
