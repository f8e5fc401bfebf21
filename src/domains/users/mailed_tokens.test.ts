/** Tokens by mail through a whole process and a real mail server. */
import { describe, expect, test } from 'bun:test'
import { expectProblem, expectStatus, fieldsOf } from '../../../test/support/api.ts'
import { expectAccessible, expectNoneElsewhere, expectToFit, openBrowser, openPage } from '../../../test/support/browser.ts'
import { startMailingServer, tokenOf, untilLetter } from '../../../test/support/mailbox.ts'
import { requires } from '../../../test/support/requirements.ts'
import type { User } from '../../../test/support/responses.ts'
import { signIn, signUp } from '../../../test/support/shopper.ts'

const { mailbox, server, api } = await startMailingServer()

const join = (name = 'Ann') => signUp(name, 'correct horse battery', api)
const me = async (call: typeof api) => expectStatus(await call<User>('GET', '/v1/me'), 200)
const page = (path: string, body?: string) =>
  fetch(server.url + path, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'Content-Type': 'application/x-www-form-urlencoded' },
    ...(body !== undefined && { body }),
  })
const resetOf = async (email: string) => {
  expectStatus(await api('POST', '/v1/password-resets', { body: { email } }), 202)
  return tokenOf(await untilLetter(mailbox, email, /password/i))
}

describe('a new account', () => {
  test('gets a link that proves the address, once', async () => {
    const ann = await join()
    const token = tokenOf(await untilLetter(mailbox, ann.email, /confirm/i))
    expect((await me(ann.call)).email_verified).toBe(false)
    expectStatus(await api('POST', '/v1/email-verifications/confirm', { body: { token } }), 204)
    expect((await me(ann.call)).email_verified).toBe(true)
    const again = await api('POST', '/v1/email-verifications/confirm', { body: { token } })
    expect(fieldsOf(expectProblem(again, 422, 'invalid_input'))).toEqual(['#/token'])
  })

  test('sells and reviews only once its address is proved', async () => {
    const ann = await join()
    const shipping = { base: '0', per_extra_item: '0', processing_days_min: 1, processing_days_max: 2 }
    const open = () => ann.call('POST', '/v1/shops', { body: { name: `Shop ${ann.id}`, shipping } })
    expectProblem(await open(), 409, 'email_unverified')
    const token = tokenOf(await untilLetter(mailbox, ann.email, /confirm/i))
    expectStatus(await api('POST', '/v1/email-verifications/confirm', { body: { token } }), 204)
    expectStatus(await open(), 201)
  })
})

describe('a forgotten password', () => {
  test('is replaced with the mailed token; every session ends and the owner gets a mail', async () => {
    const ann = await join()
    const token = await resetOf(ann.email)
    const weak = await api('POST', '/v1/password-resets/confirm', { body: { token, password: ann.email } })
    expect(fieldsOf(expectProblem(weak, 422, 'invalid_input'))).toEqual(['#/password'])
    expectStatus(await api('POST', '/v1/password-resets/confirm', { body: { token, password: 'brand new horse' } }), 204)
    expectProblem(await ann.call('GET', '/v1/me'), 401, 'unauthorized')
    await signIn(ann.email, 'brand new horse', api)
    expect((await untilLetter(mailbox, ann.email, /password was changed|changed your password|new password/i)).to).toBe(ann.email)
    const again = await api('POST', '/v1/password-resets/confirm', { body: { token, password: 'another horse' } })
    expect(fieldsOf(expectProblem(again, 422, 'invalid_input'))).toEqual(['#/token'])
  })

  test('is answered the same for an unknown address, which gets no mail', async () => {
    const unknown = `${crypto.randomUUID()}@example.com`
    const [ann, one] = [await join(), await api('POST', '/v1/password-resets', { body: { email: unknown } })]
    const other = await api('POST', '/v1/password-resets', { body: { email: ann.email } })
    expect([one.status, one.text]).toEqual([other.status, other.text])
    await untilLetter(mailbox, ann.email, /password/i)
    expect(mailbox.letters.filter(({ to }) => to === unknown)).toEqual([])
  })

  test('can be set on the page of the link', async () => {
    const ann = await join()
    const token = await resetOf(ann.email)
    const form = await page(`/reset-password/${token}`)
    expect([form.status, form.headers.get('referrer-policy')]).toEqual([200, 'no-referrer'])
    expect(await form.text()).toContain('type="password"')
    expect((await page(`/reset-password/${token}`, 'password=12345678')).status).toBe(422)
    expect((await page(`/reset-password/${token}`, 'password=brand+new+horse')).status).toBe(200)
    await signIn(ann.email, 'brand new horse', api)
    const used = await page(`/reset-password/${token}`)
    expect([used.status, await used.text()]).toEqual([422, expect.stringContaining('does not work')])
  })
})

if (requires('chromium'))
  describe.each([
    ['en-US', 'light', 1280],
    ['de-DE', 'dark', 390],
  ] as const)('the pages of mails in %s, %s, at %d px', (locale, colorScheme, width) => {
    test('are accessible, fit, load nothing of another site, and work by keyboard', async () => {
      const ann = await join()
      const verify = tokenOf(await untilLetter(mailbox, ann.email, /confirm/i))
      const reset = await resetOf(ann.email)
      const browser = await openBrowser()
      const watched = await openPage(browser, { locale, colorScheme, viewport: { width, height: 800 } })
      const { page: tab } = watched
      const look = async (path: string) => {
        await tab.goto(server.url + path)
        await expectToFit(tab)
        await expectAccessible(tab)
      }
      for (const path of ['/reset-password/wrong', '/unsubscribe/wrong', `/verify-email/${verify}`]) await look(path)
      await tab.keyboard.press('Tab')
      await tab.keyboard.press('Tab')
      await tab.keyboard.press('Enter')
      await tab.getByRole('heading', { name: /is confirmed|ist bestätigt/ }).waitFor()
      expect((await me(ann.call)).email_verified).toBe(true)
      await look(`/reset-password/${reset}`)
      await tab.getByLabel(/password|Passwort/).fill('12345678')
      await tab.keyboard.press('Enter')
      await tab.getByRole('alert').waitFor()
      await expectAccessible(tab)
      await tab.getByLabel(/password|Passwort/).fill('brand new horse')
      await tab.keyboard.press('Enter')
      await tab.getByRole('heading', { name: /is set|gilt/ }).waitFor()
      await signIn(ann.email, 'brand new horse', api)
      expectNoneElsewhere(watched, server.url)
      await browser.close()
    }, 60_000)
  })

describe('another e-mail', () => {
  test('needs the password, counts once its link was opened, and is told to both addresses', async () => {
    const [ann, email] = [await join(), `${crypto.randomUUID()}@example.com`]
    const change = (password?: string) => ann.call('PATCH', '/v1/me', { body: { email, ...(password && { password }) } })
    expect(fieldsOf(expectProblem(await change(), 422, 'invalid_input'))).toEqual(['#/password'])
    expect(fieldsOf(expectProblem(await change('wrong'), 422, 'invalid_input'))).toEqual(['#/password'])
    expect(expectStatus(await change(ann.password), 200)).toMatchObject({ email: ann.email })
    const token = tokenOf(await untilLetter(mailbox, email, /./))
    expect((await page(`/verify-email/${token}`)).status).toBe(200)
    expect((await me(ann.call)).email).toBe(ann.email)
    expect((await page(`/verify-email/${token}`, '')).status).toBe(200)
    expect(await me(ann.call)).toMatchObject({ email, email_verified: true })
    const isTold = (to: string) => untilLetter(mailbox, to, /changed/i)
    await Promise.all([isTold(ann.email), isTold(email)])
  })

  test('that another account has is told only to who reads its mail', async () => {
    const [ann, bob] = [await join('Ann'), await join('Bob')]
    expectStatus(await ann.call('PATCH', '/v1/me', { body: { email: bob.email, password: ann.password } }), 200)
    const letter = await untilLetter(mailbox, bob.email, /new e-mail/i)
    expectProblem(await api('POST', '/v1/email-verifications/confirm', { body: { token: tokenOf(letter) } }), 409, 'email_taken')
  })
})

test('a language is that of the call, and can be changed', async () => {
  const email = `${crypto.randomUUID()}@example.com`
  const body = { email, password: 'correct horse battery', display_name: 'Änne' }
  const headers = { 'Accept-Language': 'de-AT, en;q=0.5' }
  expect(expectStatus(await api<User>('POST', '/v1/users', { body, headers }), 201).locale).toBe('de')
  const { call } = await signIn(email, body.password, api)
  expect(expectStatus(await call<User>('PATCH', '/v1/me', { body: { locale: 'en' } }), 200).locale).toBe('en')
})

test('no token, address or name is in the log at any level', async () => {
  const ann = await join('Annemarie Hiddenname')
  const token = await resetOf(ann.email)
  await page(`/reset-password/${token}`)
  await page(`/reset-password/${token}`, 'password=brand+new+horse')
  await untilLetter(mailbox, ann.email, /password/i)
  const log = server.lines.join('\n')
  expect(log).toContain('/reset-password/:token')
  for (const secret of [token, ann.email, 'Hiddenname', 'brand new horse', 'brand+new+horse']) expect(log).not.toContain(secret)
})
