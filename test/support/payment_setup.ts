/** An API process with its own database and its own simulated payment provider. A test can kill and restart both processes. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { Pool } from '../../src/platform/db/client.ts'
import type { ApiProcess } from './api_process.ts'
import { type Answer, type Api, openApi } from './client.ts'
import { openTestDatabase } from './database.ts'
import { makeProduct, putLine } from './factory.ts'
import { makePeople, type Person } from './people.ts'
import { PURCHASE } from './purchase.ts'
import type { Checkout } from './responses.ts'
import { spawnApi } from './server.ts'
import { findFreePort, type SimulatedPayments, startSimulatedPayments } from './simulated_payments.ts'

/** The provider signs with the second secret, so the tests show that the API also accepts a secret that is being replaced. */
export const WEBHOOK_SECRETS = ['the-next-secret-of-the-tests', 'the-secret-of-the-tests']

export type PaymentSetup = {
  sql: Pool
  api: Api
  payments: () => SimulatedPayments
  killApi: () => Promise<void>
  startApi: () => Promise<void>
  /** Starts one more API process on the same database and provider, on its own port. The caller stops it. */
  startSecondApi: () => Promise<ApiProcess>
  killPayments: () => Promise<void>
  startPayments: () => Promise<void>
  close: () => Promise<void>
}

type SetupOptions = {
  /** A plan of simulated_webhooks.ts. Without a plan the provider sends no webhooks. */
  webhooks?: string
  /** More variables of the API. */
  variables?: Record<string, string>
}

export async function openPaymentSetup({ webhooks, variables }: SetupOptions = {}): Promise<PaymentSetup> {
  const database = await openTestDatabase()
  const folder = mkdtempSync(join(tmpdir(), 'payments-'))
  const [api_port, payments_port] = [await findFreePort(), await findFreePort()]
  const url = `http://localhost:${api_port}`
  const [, secret = ''] = WEBHOOK_SECRETS
  const webhook = webhooks ? { url: `${url}/v1/webhooks/simulated`, secret, plan: webhooks } : undefined
  let api: ApiProcess | undefined
  let payments: SimulatedPayments
  const startPayments = async () => {
    payments = await startSimulatedPayments({
      log: join(folder, 'log.jsonl'),
      port: payments_port,
      ...(webhook ? { webhook } : {}),
    })
  }
  const spawn = (port: number) =>
    spawnApi({
      DATABASE_URL: database.url,
      PORT: String(port),
      SIMULATED_PAYMENTS_URL: payments.url,
      SIMULATED_WEBHOOK_SECRETS: WEBHOOK_SECRETS.join(','),
      LOG_LEVEL: 'silent',
      ...variables,
    })
  const startApi = async () => {
    api = await spawn(api_port)
  }
  await startPayments()
  await startApi()
  return {
    sql: database.sql,
    api: openApi(url),
    payments: () => payments,
    killApi: async () => api?.kill(),
    startApi,
    startSecondApi: () => spawn(0),
    killPayments: () => payments.kill(),
    startPayments,
    close: async () => {
      await api?.stop()
      await payments.stop()
      await database.close()
      rmSync(folder, { recursive: true })
    },
  }
}

/** A buyer with one item in the cart. It costs 10.00, and its stock is 5. */
export type PayingBuyer = { id: number; product_id: number; token: string; api: Api }

export async function makeBuyer({ api, sql }: Pick<PaymentSetup, 'api' | 'sql'>): Promise<PayingBuyer> {
  const [{ id, token }] = (await makePeople(sql, 1)) as [Person]
  const product_id = await makeProduct(sql, { quantity: 5 })
  await putLine(sql, id, product_id)
  return { id, product_id, token, api: (method, path, input) => api(method, path, { token, ...input }) }
}

/** Checks out the buyer's cart. The default is a new key. */
export function checkOut(
  buyer: PayingBuyer,
  payment_method: string,
  key: string = crypto.randomUUID(),
  headers: Record<string, string> = {},
): Promise<Answer<Checkout>> {
  return buyer.api<Checkout>('POST', '/v1/checkout', {
    body: { ...PURCHASE, payment_method },
    headers: { 'Idempotency-Key': key, ...headers },
  })
}
