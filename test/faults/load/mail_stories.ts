/** People whose purchases and accounts cause every kind of mail, while processes die. Each call is repeated until it is final. */
import { signWebhook } from '../../../src/domains/payments/webhook_signature.ts'
import type { Sql } from '../../../src/platform/db/client.ts'
import { type Letter, tokenOf } from '../../support/mailbox.ts'
import { fillCarts, type Listing, MADE_PEOPLE_DOMAIN, makePeople, type Person, type Shop } from '../../support/people.ts'
import { type ApiResponse, type Call, cancelOrder, checkOut, describe, send } from './calls.ts'

export type Stories = {
  sql: Sql
  fail: (finding: string) => void
  random: () => number
  shops: Shop[]
  listings: Listing[]
  letters: Letter[]
  webhook_secret: string
  /** Returns the URL of a live API, or null while no API runs. */
  api: () => string | null
  told: Told
}
/** What the buyers and owners of accounts know. */
export type Told = {
  /** The checkouts whose buyers got a 202: the payment was pending. */
  pending: Set<number>
  /** Calls by kind of the mail and address: `sent` is the number of requests, `confirmed` that of their successes. */
  accounts: Map<string, { kind: string; email: string; sent: number; confirmed: number }>
  stories: number
}
type Order = { id: number; shop_id: number }

const RETRY_MS = 100
/** On a busy machine the processes of a run are dead most of the time. */
const GIVE_UP_AFTER_MS = 300_000
const LETTER_WITHIN_MS = 5000
const COPIES_OF_A_WEBHOOK = 5
const UNKNOWN_ADDRESS = 'unknown@elsewhere.invalid'
/** Each method, and up to which lot between 0 and 1 it is taken. */
const METHODS = [
  ['pm_card_chargeDeclined', 0.1],
  ['pm_card_slow', 0.2],
  ['pm_card_timeout', 0.25],
  ['pm_card_threeDSecure2Required', 0.45],
  ['pm_card_threeDSecure2Declined', 0.5],
  ['pm_card_refundFails', 0.6],
] as const

/** One story: a purchase with what follows, or an account with its mails. */
export async function tellStory(stories: Stories): Promise<void> {
  const n = stories.told.stories++
  if (stories.random() < 0.15) await useAccount(stories, n)
  else await buy(stories, n)
}

/** Repeats a call at a live process after a broken connection, a 5xx or "in progress". Returns the number of calls, too. */
async function persist(stories: Stories, person: Person | null, call: Call): Promise<{ response: ApiResponse; calls: number }> {
  const began = performance.now()
  for (let calls = 0; performance.now() - began < GIVE_UP_AFTER_MS; await Bun.sleep(RETRY_MS)) {
    const url = stories.api()
    if (!url) continue
    calls++
    const response = await send(url, person, call)
    if (response && response.status < 500 && response.code !== 'idempotency_in_progress') return { response, calls }
  }
  throw new Error(`No response after ${GIVE_UP_AFTER_MS / 1000} s: ${call.method} ${call.path}`)
}

const ask = async (stories: Stories, person: Person | null, call: Call) => (await persist(stories, person, call)).response

async function buy(stories: Stories, n: number): Promise<void> {
  const { sql, random, listings } = stories
  const buyer = random() < 0.5 ? await startGuest(stories, n) : ((await makePeople(sql, 1)) as [Person])[0]
  const first = Math.floor(random() * listings.length)
  const chosen = [0, 1, 2].slice(0, 1 + Math.floor(random() * 3)).map((step) => listings[(first + step) % listings.length])
  await fillCarts(sql, [buyer], chosen as Listing[])
  const method = chooseMethod(random())
  const placed = await ask(stories, buyer, checkOut(`mails-${buyer.id}`, method))
  if (![201, 202, 402].includes(placed.status)) return stories.fail(`a checkout with ${method} returned ${describe(placed)}`)
  if (placed.status === 402) return
  const { checkout_id, payment } = JSON.parse(placed.text)
  if (placed.status === 202) {
    stories.told.pending.add(checkout_id)
    if (payment.next_action) await act(stories, buyer, checkout_id, new URL(payment.next_action.url).pathname)
  }
  const is_surely_paid = /visa|slow|timeout/.test(method)
  if (is_surely_paid && random() < 0.5) await repeatWebhook(stories, checkout_id)
  if (placed.status === 201)
    for (const order of (JSON.parse(placed.text) as { orders: Order[] }).orders) await followUp(stories, buyer, order)
}

/** Two guests share each address. */
async function startGuest(stories: Stories, n: number): Promise<Person> {
  const email = `guest-${n >> 1}@${MADE_PEOPLE_DOMAIN}`
  const started = await ask(stories, null, { method: 'POST', path: '/v1/guests', body: { email } })
  const { token, user } = JSON.parse(started.text)
  return { id: user.id, token }
}

const chooseMethod = (lot: number) => METHODS.find(([, up_to]) => lot < up_to)?.[0] ?? 'pm_card_visa'

/** The buyer confirms, declines or gives up the payment. */
async function act(stories: Stories, buyer: Person, checkout_id: number, page: string): Promise<void> {
  const lot = stories.random()
  if (lot < 0.6) await ask(stories, null, { method: 'POST', path: page })
  else if (lot < 0.8) await ask(stories, null, { method: 'POST', path: `${page}?decline=true` })
  else await ask(stories, buyer, { method: 'POST', path: `/v1/checkouts/${checkout_id}/cancel` })
}

/** Sends copies of the provider's webhook of a paid charge, at once. */
async function repeatWebhook(stories: Stories, checkout_id: number): Promise<void> {
  const [charge, type] = [`sim_${checkout_id}`, 'charge.paid']
  const event = { id: `${charge}.${type}`, type, data: { key: String(checkout_id), charge, amount: '1.00' } }
  const body = JSON.stringify(event)
  const headers = signWebhook(stories.webhook_secret, event.id, Math.floor(Date.now() / 1000), body)
  const call: Call = { method: 'POST', path: '/v1/webhooks/simulated', body: event, headers }
  const copies = await Promise.all(Array.from({ length: COPIES_OF_A_WEBHOOK }, () => ask(stories, null, call)))
  for (const copy of copies) if (copy.status !== 200) stories.fail(`a webhook returned ${describe(copy)}`)
}

/** The seller ships, corrects the tracking or refunds, or the buyer cancels, or nothing follows. */
async function followUp(stories: Stories, buyer: Person, { id, shop_id }: Order): Promise<void> {
  const seller = stories.shops.find((shop) => shop.shop_id === shop_id)?.seller as Person
  const lot = stories.random()
  const tracking = { carrier: 'UPS', tracking_number: '1Z999AA10123456784' }
  const refund = { reason: 'goodwill', amount: '0.50' }
  if (lot < 0.2) await ask(stories, buyer, cancelOrder(id))
  if (lot < 0.4)
    await ask(stories, seller, { method: 'POST', path: `/v1/orders/${id}/refunds`, body: refund, key: `refund-${id}` })
  if (lot < 0.1 || lot > 0.7) return
  const ship: Call = { method: 'POST', path: `/v1/orders/${id}/shipments`, body: tracking, key: `ship-${id}` }
  const shipped = await ask(stories, seller, ship)
  if (shipped.status !== 201 || lot > 0.6) return
  const path = `/v1/shipments/${JSON.parse(shipped.text).id}`
  await ask(stories, seller, { method: 'PATCH', path, body: { tracking_number: '1Z999AA10123456785' } })
}

/** A person registers, confirms the address, and sets a new password by mail. An unknown address asks for a new password, too. */
async function useAccount(stories: Stories, n: number): Promise<void> {
  const email = `person-${n}@${MADE_PEOPLE_DOMAIN}`
  const account = { email, password: `first words of ${n}`, display_name: `Person ${n}` }
  await ask(stories, null, { method: 'POST', path: '/v1/users', body: account })
  count(stories, 'verify_email', email, 1, 1)
  const proof = await untilLetter(stories, email, /confirm your e-mail/i)
  if (proof)
    await ask(stories, null, { method: 'POST', path: '/v1/email-verifications/confirm', body: { token: tokenOf(proof) } })
  const request = (of: string): Call => ({ method: 'POST', path: '/v1/password-resets', body: { email: of } })
  const asked = await persist(stories, null, request(email))
  count(stories, 'reset_password', email, asked.calls, 1)
  await ask(stories, null, request(UNKNOWN_ADDRESS))
  const reset = await untilLetter(stories, email, /new password/i)
  if (!reset) return
  const body = { token: tokenOf(reset), password: `second words of ${n}` }
  const changed = await ask(stories, null, { method: 'POST', path: '/v1/password-resets/confirm', body })
  // 422: the call was repeated after its process died, and the token is used up.
  if (![204, 422].includes(changed.status)) stories.fail(`a new password by a mailed token returned ${describe(changed)}`)
  count(stories, 'password_changed', email, 1, 1)
}

function count({ told }: Stories, kind: string, email: string, sent: number, confirmed: number): void {
  told.accounts.set(`${kind} ${email}`, { kind, email, sent, confirmed })
}

/** Returns the letter, or null if it has not come in time: the worker can be dead. */
async function untilLetter({ letters }: Stories, to: string, subject: RegExp): Promise<Letter | null> {
  const began = performance.now()
  for (;;) {
    const letter = letters.find((one) => one.to === to && subject.test(one.subject))
    if (letter || performance.now() - began > LETTER_WITHIN_MS) return letter ?? null
    await Bun.sleep(RETRY_MS)
  }
}
