/** From a guest's purchase to the account that owns it, through a whole process and a real mail server. */
import { expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import { makeProduct } from '../../../test/support/factory.ts'
import { startMailingServer, tokenOf, untilLetter } from '../../../test/support/mailbox.ts'
import type { Order, Page } from '../../../test/support/responses.ts'
import { buy, eventually, type Shopper, signIn, signUp, startAsGuest } from '../../../test/support/shopper.ts'

const { sql, mailbox, server, api } = await startMailingServer()

const ordersOf = async (buyer: Shopper) => {
  const { items } = expectStatus(await buyer.call<Page<Order>>('GET', '/v1/orders'), 200)
  return items.map(({ id, buyer_id }) => ({ id, buyer_id }))
}

/** Buys as a guest. Returns the order and the token of the link in its mail. */
async function buyAsGuest(email?: string) {
  const guest = await startAsGuest(email, api)
  const order = await buy(guest, { id: await makeProduct(sql) })
  const letter = await untilLetter(mailbox, guest.email, /your payment/i)
  return { guest, order, token: tokenOf(letter) }
}

const register = (email: string) =>
  api('POST', '/v1/users', { body: { email, password: 'correct horse battery', display_name: 'Mallory' } })

test('the mail of a guest shows the order; neither it nor its token gets into the log', async () => {
  const { guest, order, token } = await buyAsGuest()
  const page = await fetch(`${server.url}/order-access/${token}`)
  expect([page.status, await page.text()]).toEqual([200, expect.stringContaining(String(order.id))])
  expectStatus(await api('GET', `/v1/order-access/${token}`), 200)
  const log = server.lines.join('\n')
  expect(log).toContain('/order-access/:token')
  for (const secret of [token, guest.email, guest.token]) expect(log).not.toContain(secret)
})

test('the orders go to the account that proves the address, and not to one that only claims it', async () => {
  const { guest, order, token } = await buyAsGuest()
  expectStatus(await register(guest.email), 201)
  const claimant = await signIn(guest.email, 'correct horse battery', api)
  expect(await ordersOf(claimant)).toEqual([])
  const guess = await api('POST', '/v1/email-verifications/confirm', { body: { token } })
  expect(fieldsOf(expectProblem(guess, 422, 'invalid_input'))).toEqual(['#/token'])
  expectStatus(await guest.call('GET', '/v1/me'), 200)

  expectStatus(await api('POST', '/v1/password-resets', { body: { email: guest.email } }), 202)
  const proof = tokenOf(await untilLetter(mailbox, guest.email, /password/i))
  expectStatus(await api('POST', '/v1/password-resets/confirm', { body: { token: proof, password: 'brand new horse' } }), 204)
  const owner = await signIn(guest.email, 'brand new horse', api)
  expect(await ordersOf(owner)).toEqual([{ id: order.id, buyer_id: owner.id }])
  for (const ended of [claimant, guest]) expectProblem(await ended.call('GET', '/v1/orders'), 401, 'unauthorized')
  // The mail's link still shows the order.
  expectStatus(await api('GET', `/v1/order-access/${token}`), 200)
})

test('a later order waits for the next proof', async () => {
  const ann = await signUp('Ann', 'correct horse battery', api)
  const confirm = async (letter: Parameters<typeof tokenOf>[0]) =>
    expectStatus(await api('POST', '/v1/email-verifications/confirm', { body: { token: tokenOf(letter) } }), 204)
  const first = await untilLetter(mailbox, ann.email, /confirm/i)
  await confirm(first)
  const { order } = await buyAsGuest(ann.email)
  expect(await ordersOf(ann)).toEqual([])
  expectStatus(await ann.call('POST', '/v1/email-verifications'), 202)
  const find = () => untilLetter(mailbox, ann.email, /confirm/i)
  await confirm(await eventually(20_000, find, (letter) => letter !== first))
  expect(await ordersOf(ann)).toEqual([{ id: order.id, buyer_id: ann.id }])
})

test('of two accounts that confirm one address at once, one gets it and the orders', async () => {
  const { guest, order } = await buyAsGuest()
  const people = [await signUp('Ann', 'correct horse battery', api), await signUp('Bea', 'correct horse battery', api)]
  for (const { call, password } of people)
    expectStatus(await call('PATCH', '/v1/me', { body: { email: guest.email, password } }), 200)
  const find = async () => mailbox.letters.filter(({ to, subject }) => to === guest.email && /confirm/i.test(subject))
  const letters = await eventually(20_000, find, ({ length }) => length === 2)
  const answers = await Promise.all(
    letters.map((letter) => api('POST', '/v1/email-verifications/confirm', { body: { token: tokenOf(letter) } })),
  )
  expect(answers.map(({ status }) => status).sort()).toEqual([204, 409])
  const [ann, bea] = [await ordersOf(people[0] as Shopper), await ordersOf(people[1] as Shopper)]
  expect([...ann, ...bea].map(({ id }) => id)).toEqual([order.id])
})
