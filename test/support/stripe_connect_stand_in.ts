/**
 * Stripe Connect in memory, because stripe-mock keeps nothing: it answers each call with the same example. This server has accounts,
 * transfers, reversals and payouts with their balances and Idempotency-Keys, and refuses what Stripe documents that it refuses. It was
 * written from the documentation, not compared with Stripe itself.
 */
import { type StripeCall, type StripeReply, type StripeStandIn, startStripeStandIn } from './stripe_stand_in.ts'

type Record_ = Record<string, unknown> & { id: string }

export type StripeConnect = StripeStandIn & {
  /** The cents of an account that it can pay out. */
  balanceOf: (account: string) => number
  /** Ends the onboarding of an account. */
  activate: (account: string) => void
  /** Loses the answer to the next POST of this path, after it was done. */
  loseAnswer: (path: RegExp) => void
  /** Forgets the Idempotency-Keys, as Stripe does after a day. */
  forgetKeys: () => void
  find: (id: string) => Record_ | undefined
}

export function startStripeConnect(): StripeConnect {
  const objects = new Map<string, Record_>()
  const balances = new Map<string, number>()
  const answered = new Map<string, { asked: string; reply: StripeReply }>()
  let lost: RegExp | undefined
  const add = (prefix: string, values: Record<string, unknown>) => {
    const created = Math.floor(Date.now() / 1000)
    const made = { id: `${prefix}_${crypto.randomUUID().slice(0, 8)}`, created, ...values }
    objects.set(made.id, made)
    return { body: made }
  }
  const move = (account: string, cents: number) => balances.set(account, (balances.get(account) ?? 0) + cents)
  const act = ({ method, path, form, account = '' }: StripeCall): StripeReply => {
    const call = `${method} ${path}`
    const [, of = ''] = /^\/v1\/\w+\/([^/]+)/.exec(path) ?? []
    const cents = Number(form.amount)
    if (call === 'POST /v1/accounts')
      return form.country === 'US'
        ? add('acct', { object: 'account', ...metadataOf(form), ...accountState(false), country: form.country })
        : refuse(`${form.country} is not supported`, { param: 'country' })
    if (call === 'POST /v1/account_links')
      return { body: { object: 'account_link', url: `https://connect.example/${form.account}` } }
    if (call === 'POST /v1/transfers') {
      if (!objects.has(String(form.destination))) return refuse('No such destination', { code: 'resource_missing' })
      move(String(form.destination), cents)
      return add('tr', { object: 'transfer', ...form, amount: cents, ...metadataOf(form) })
    }
    if (call === `POST /v1/transfers/${of}/reversals`) {
      const transfer = objects.get(of)
      if (!transfer) return refuse('No such transfer', { code: 'resource_missing' })
      if (cents > (balances.get(String(transfer.destination)) ?? 0))
        return refuse('Insufficient funds', { code: 'balance_insufficient' })
      move(String(transfer.destination), -cents)
      return add('trr', { object: 'transfer_reversal', transfer: of, amount: cents, ...metadataOf(form) })
    }
    if (call === 'POST /v1/payouts') {
      if (cents > (balances.get(account) ?? 0)) return refuse('You have insufficient funds', { code: 'balance_insufficient' })
      move(account, -cents)
      return add('po', {
        object: 'payout',
        account,
        status: 'pending',
        amount: cents,
        currency: form.currency,
        ...metadataOf(form),
      })
    }
    return read([...objects.values()], { method, path, form, key: null, account }, of)
  }
  const standIn = startStripeStandIn(async (call) => {
    const asked = JSON.stringify([call.path, call.form])
    const known = call.key === null ? undefined : answered.get(call.key)
    if (known && known.asked !== asked)
      return { status: 400, body: { error: { type: 'idempotency_error', message: 'Other parameters' } } }
    const reply = known?.reply ?? act(call)
    if (call.key !== null) answered.set(call.key, { asked, reply })
    if (call.method !== 'POST' || !lost?.test(call.path)) return reply
    lost = undefined
    return { status: 500, body: { error: { type: 'api_error', message: 'lost' } } }
  })
  return {
    ...standIn,
    balanceOf: (account) => balances.get(account) ?? 0,
    activate: (account) => Object.assign(objects.get(account) ?? {}, accountState(true)),
    loseAnswer: (path) => {
      lost = path
    },
    forgetKeys: () => answered.clear(),
    find: (id) => objects.get(id),
  }
}

/** Answers a GET. `of`: the id in its path. */
function read(objects: Record_[], { path, form, account }: StripeCall, of: string): StripeReply {
  const since = Number(form['created[gte]'] || 0)
  const list = (prefix: string, fits: (one: Record_) => boolean) => {
    const data = objects.filter((one) => one.id.startsWith(prefix) && Number(one.created) >= since && fits(one))
    return { body: { object: 'list', data, has_more: false, url: '/' } }
  }
  const reversalsOf = (id: string) => list('trr_', (one) => one.transfer === id)
  if (path === '/v1/transfers') {
    const { body } = list('tr_', (one) => !('transfer_group' in form) || one.transfer_group === form.transfer_group)
    return { body: { ...body, data: body.data.map((one) => ({ ...one, reversals: reversalsOf(one.id).body })) } }
  }
  if (path === `/v1/transfers/${of}/reversals`) return reversalsOf(of)
  if (path === '/v1/payouts') return list('po_', (one) => one.account === account)
  if (path.startsWith('/v1/payment_intents/')) return { body: { id: of, object: 'payment_intent', latest_charge: `ch_of_${of}` } }
  const found = objects.find(({ id }) => id === of)
  return found ? { body: found } : { status: 404, body: { error: { type: 'invalid_request_error', message: 'No such object' } } }
}

function accountState(is_active: boolean) {
  return {
    payouts_enabled: is_active,
    details_submitted: is_active,
    capabilities: { transfers: is_active ? 'active' : 'inactive' },
    requirements: { currently_due: is_active ? [] : ['external_account'], past_due: [], disabled_reason: null },
  }
}

/** The fields `metadata[key]` of a form as an object. */
function metadataOf(form: Record<string, string>) {
  const fields = Object.entries(form).flatMap(([name, value]) => {
    const field = /^metadata\[(\w+)\]$/.exec(name)?.[1]
    return field ? [[field, value]] : []
  })
  return { metadata: Object.fromEntries(fields) as Record<string, string> }
}

function refuse(message: string, error: Record<string, string>): StripeReply {
  return { status: 400, body: { error: { type: 'invalid_request_error', message, ...error } } }
}
