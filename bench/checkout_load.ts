/** Checks out, once for each token, from a process of its own. Reads `CheckoutLoad` as JSON from stdin and prints `CheckoutResult`. */
import { percentile } from './figures.ts'
import { runInOwnProcess } from './own_process.ts'

export type CheckoutLoad = { url: string; tokens: string[]; connections: number }
export type CheckoutResult = { checkouts: number; failures: number; duration_s: number; p95_ms: number }

const ADDRESS = { name: 'A. Customer', line1: '1 High Street', city: 'London', postal_code: 'N1 9GU', country: 'GB' }
const BODY = JSON.stringify({ shipping_address: ADDRESS, payment_method: 'pm_card_visa' })

/** Runs the load in a process of its own. */
export function putCheckouts(load: CheckoutLoad): Promise<CheckoutResult> {
  return runInOwnProcess(import.meta.path, load)
}

async function run({ url, tokens, connections }: CheckoutLoad): Promise<CheckoutResult> {
  const times_ms: number[] = []
  let failures = 0
  const began = performance.now()
  const connection = async () => {
    for (let token = tokens.pop(); token; token = tokens.pop()) {
      const asked = performance.now()
      const response = await fetch(`${url}/v1/checkout`, {
        method: 'POST',
        headers: { Authorization: `Bearer ${token}`, 'Content-Type': 'application/json', 'Idempotency-Key': token.slice(-40) },
        body: BODY,
      })
      await response.arrayBuffer()
      times_ms.push(performance.now() - asked)
      if (response.status !== 201) failures++
    }
  }
  await Promise.all(Array.from({ length: connections }, connection))
  const duration_s = (performance.now() - began) / 1000
  return { checkouts: times_ms.length, failures, duration_s, p95_ms: percentile(times_ms, 0.95) }
}

if (import.meta.main) console.log(JSON.stringify(await run((await Bun.stdin.json()) as CheckoutLoad)))
