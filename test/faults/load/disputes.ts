/** Disputes of buyers at the simulated provider, and their webhooks. */
import { signWebhook } from '../../../src/domains/payments/webhook_signature.ts'
import type { Servers } from '../servers/servers.ts'

export type Disputes = {
  /** Opens a dispute of the payment of a checkout and ends it, each with its webhook, and works in between. Returns the end. */
  goThrough: (checkout_id: number, outcome: 'won' | 'lost', work: () => Promise<unknown>) => Promise<string>
}

export function openDisputes({ sql, provider, webhook_secret }: Servers, api_url: string): Disputes {
  const report = async (dispute: { dispute: string; outcome: string }) => {
    const type = `dispute.${dispute.outcome}`
    const id = `${dispute.dispute}.${type}`
    const body = JSON.stringify({ id, type, data: dispute })
    const headers = {
      'Content-Type': 'application/json',
      ...signWebhook(webhook_secret, id, Math.floor(Date.now() / 1000), body),
    }
    const response = await fetch(`${api_url}/v1/webhooks/simulated`, { method: 'POST', headers, body })
    await response.text()
    if (response.status !== 200) throw new Error(`a webhook about a dispute returned ${response.status}`)
  }
  const ask = async (path: string, body: object = {}) => {
    const response = await fetch(`${provider.url}${path}`, { method: 'POST', body: JSON.stringify(body) })
    if (!response.ok) throw new Error(`${path} returned ${response.status}`)
    return (await response.json()) as { dispute: string; outcome: string }
  }
  return {
    goThrough: async (checkout_id, outcome, work) => {
      const [payment] = await sql<{ charge: string }[]>`
        select provider_reference as charge from payments where checkout_id = ${checkout_id}`
      const opened = await ask('/disputes', { charge: payment?.charge })
      // Copies and the wrong order change nothing.
      await Promise.all([report(opened), report(opened)])
      await work()
      const ended = await ask(`/disputes/${opened.dispute}/${outcome}`)
      await Promise.all([report(ended), report(opened), report(ended)])
      return outcome
    },
  }
}
