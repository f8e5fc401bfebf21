/** A purchase in two shops with clients of well-known generators. Their builds stay until /openapi.json changes. */
import { describe, expect, setDefaultTimeout, test } from 'bun:test'
import { dirname } from 'node:path'
import { buildPurchase, type Language, run } from '../support/generated_clients/build.ts'
import { findProgram, type Requirement, requires } from '../support/requirements.ts'
import { startServer } from '../support/server.ts'
import { inventWord, listItem, makeSeller } from '../support/shopper.ts'

/** Ends only a hanging run. */
setDefaultTimeout(10 * 60_000)

/** The output of a program about its purchase. */
type Purchase = { checkout_id: number; order_ids: number[] } & Record<string, unknown>

const languages: { language: Language; generator: string; needs: Requirement[] }[] = [
  { language: 'go', generator: 'openapi-generator for Go', needs: ['go'] },
  { language: 'java', generator: 'openapi-generator for Java', needs: ['javac'] },
  { language: 'python', generator: 'openapi-generator for Python', needs: [] },
  { language: 'openapi_python_client', generator: 'openapi-python-client', needs: [] },
]

describe('a generated client', () => {
  for (const { language, generator, needs } of languages) {
    if (![...needs, 'openapi-generator' as const].map(requires).every(Boolean)) continue
    test(`of ${generator} buys in two shops, reads its orders, and knows a refusal`, async () => {
      const { url } = await startServer()
      const word = inventWord()
      for (const thing of ['bowl', 'rug']) {
        const { seller, shop } = await makeSeller()
        await listItem(seller, shop, { title: `${word} ${thing}` })
      }
      const { command, env } = await buildPurchase(language, dirname(findProgram('openapi-generator') as string))
      const bought = JSON.parse(await run([...command, url, word], import.meta.dir, env)) as Purchase
      const [first, second] = bought.order_ids
      expect(bought).toEqual({
        cart_shops: 2,
        cart_total: '20.00',
        checkout_id: expect.any(Number),
        replayed_checkout_id: bought.checkout_id,
        payment: 'paid',
        order_ids: [expect.any(Number), expect.any(Number)],
        read_order_id: first,
        city: 'Portland',
        refused: 'insufficient_stock',
      })
      expect(first).not.toBe(second)
      // Ids of 15 digits do not fit into 32 bits.
      for (const id of [bought.checkout_id, ...bought.order_ids]) expect(String(id)).toMatch(/^20\d{13}$/)
    })
  }
})
