import { startServerProcess } from '../loadtest/replay/server_process.ts'
import { migrate } from '../src/deploy/migrate.ts'
import { createScratchDatabase } from '../src/deploy/scratch_database.ts'
import { loadShippedCatalog } from '../src/domains/catalog/load_shipped.ts'
import { openPool, type Pool } from '../src/platform/db/client.ts'
import { describeTimes, type Figure } from './figures.ts'

const ROUNDS = 100
const ITEMS = 3
const ADDRESS = { name: 'A. Customer', line1: '1 High Street', city: 'London', postal_code: 'N1 9GU', country: 'GB' }

/** One buyer after another's purchase, over HTTP, on a server of its own: three items of three shops in the cart, one checkout. */
export async function benchCheckout(database_url: string | undefined): Promise<Figure[]> {
  const scratch = await createScratchDatabase(database_url)
  const pool = openPool(scratch.url, { max: 1, name: 'stallwright bench', statement_timeout_ms: 0 })
  try {
    await migrate(scratch.url)
    await loadShippedCatalog(scratch.url, pool)
    const product_ids = await stockItems(pool)
    const server = await startServerProcess(scratch.url)
    try {
      return await measure(`${server.url}/v1`, product_ids)
    } finally {
      await server.stop()
    }
  } finally {
    await pool.end({ timeout: 5 })
    await scratch.drop()
  }
}

/** Items of different shops, with stock for every round. */
async function stockItems(pool: Pool): Promise<number[]> {
  const rows = await pool<{ id: number }[]>`
    update products set quantity = ${2 * ROUNDS}
    where id in (select min(id) from products group by shop_id order by 1 limit ${ITEMS})
    returning id`
  return rows.map((row) => row.id)
}

async function measure(api: string, product_ids: number[]): Promise<Figure[]> {
  const call = await signIn(api)
  const add_ms: number[] = []
  const checkout_ms: number[] = []
  for (let round = 0; round < ROUNDS; round++) {
    for (const product_id of product_ids) add_ms.push(await call('/cart/items', { product_id, quantity: 1 }))
    const body = { shipping_address: ADDRESS, payment_method: 'pm_card_visa' }
    checkout_ms.push(await call('/checkout', body, { 'Idempotency-Key': `bench-${round}` }))
  }
  return [
    { name: 'add to cart', value: describeTimes(add_ms) },
    { name: `checkout of ${ITEMS} shops`, value: describeTimes(checkout_ms) },
  ]
}

type Call = (path: string, body: object, headers?: Record<string, string>) => Promise<number>

/** A new buyer's way to call: answers how many milliseconds the call took, and throws when it was refused. */
async function signIn(api: string): Promise<Call> {
  const post = async (path: string, body: object, headers: Record<string, string> = {}) => {
    const answer = await fetch(`${api}${path}`, {
      method: 'POST',
      headers: { 'Content-Type': 'application/json', ...headers },
      body: JSON.stringify(body),
    })
    const text = await answer.text()
    if (!answer.ok) throw new Error(`POST ${path} answered ${answer.status}: ${text}`)
    return text
  }
  const who = { email: 'bench@example.com', password: 'a password for the benchmark' }
  await post('/users', { ...who, display_name: 'Bench' })
  const { token } = JSON.parse(await post('/sessions', who))
  return async (path, body, headers = {}) => {
    const began = performance.now()
    await post(path, body, { ...headers, Authorization: `Bearer ${token}` })
    return performance.now() - began
  }
}
