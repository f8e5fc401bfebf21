/**
 * The pages behind the links of mails. A GET only shows a form, because mail servers open the links of the mails that they scan.
 * The token is in the path, so no page names another site or loads anything, and the log has the route only.
 */
import { type Context, Hono } from 'hono'
import { html } from 'hono/html'
import type { Env } from '../../http/env.ts'
import { applyLimit } from '../../http/limits/apply_limit.ts'
import { type Locale, localeOf } from '../../http/locale.ts'
import { readText } from '../../http/operation/validate.ts'
import { CSP_WITH_FORM, type Markup, renderFrame } from '../../http/pages/frame.ts'
import { withDeadline } from '../../platform/db/deadline.ts'
import { toProblem } from '../../platform/problem.ts'
import { hashToken } from '../../platform/token.ts'
import { mailPageWords, type Words } from './mail_page_words.ts'
import { setPassword } from './password_resets.ts'
import { confirmEmail, findTokenOwner, unsubscribe } from './statements.ts'

type Page = { status: 200 | 422 | 429 | 503; main: Markup }

export const mailPages = new Hono<Env>()
  .get('/verify-email/:token', (c) => sendPage(c, (words) => askFor(c, 'verify_email', confirmForm(words.verify_email))))
  .post('/verify-email/:token', (c) =>
    sendPage(c, async (words) => {
      await confirmEmail.one(c.get('sql'), { token_hash: hashToken(tokenOf(c)) })
      return donePage(words.verify_email.done)
    }),
  )
  .get('/reset-password/:token', (c) => sendPage(c, (words) => askFor(c, 'reset_password', passwordForm(words))))
  .post('/reset-password/:token', (c) =>
    sendPage(c, async (words) => {
      const password = new URLSearchParams(await readText(c)).get('password') ?? ''
      if (password.length < 8 || password.length > 128) return passwordForm(words, words.reset_password.length)
      await setPassword(c, tokenOf(c), password)
      return donePage(words.reset_password.done)
    }),
  )
  .get('/unsubscribe/:token', (c) => sendPage(c, async (words) => confirmForm(words.unsubscribe)))
  // Mail clients send this one, too: RFC 8058.
  .post('/unsubscribe/:token', (c) =>
    sendPage(c, async (words) => {
      await unsubscribe.one(c.get('sql'), { token_hash: hashToken(tokenOf(c)) })
      return donePage(words.unsubscribe.done)
    }),
  )

function tokenOf(c: Context<Env>): string {
  return c.req.param('token') ?? ''
}

/** Returns the form if the token works. */
async function askFor(c: Context<Env>, purpose: string, form: Page): Promise<Page> {
  await findTokenOwner.one(c.get('auth_sql'), { token_hash: hashToken(tokenOf(c)), purpose })
  return form
}

/** Sends the page of `show`, or one with the error in words. */
async function sendPage(c: Context<Env>, show: (words: Words) => Promise<Page>): Promise<Response> {
  const locale: Locale = localeOf(c)
  const words = mailPageWords[locale]
  const { status, main } = await withDeadline(async () => {
    await applyLimit(c, 'sign_in')
    return show(words)
  }).catch((error) => errorPage(error, words))
  const headers = { 'Content-Security-Policy': CSP_WITH_FORM, 'Cache-Control': 'no-store', 'Referrer-Policy': 'no-referrer' }
  return c.html(renderFrame('Stallwright', main, locale), status, headers)
}

/** An error that is not the reader's becomes a problem as everywhere. */
function errorPage(error: unknown, words: Words): Page {
  const { code, extensions } = toProblem(error)
  if (code === 'email_taken') return page(422, words.failed.title, words.failed.email_taken)
  if (code === 'too_many_requests') return page(429, words.failed.title, words.failed.too_many)
  if (code !== 'invalid_input') throw error
  const [first] = (extensions.errors ?? []) as { pointer: string }[]
  return first?.pointer === '#/password'
    ? passwordForm(words, words.reset_password.weak)
    : page(422, words.failed.title, words.failed.token)
}

function page(status: Page['status'], title: string, text: string): Page {
  return {
    status,
    main: html`<h1>${title}</h1>
<p>${text}</p>`,
  }
}

function donePage({ title, text }: { title: string; text: string }): Page {
  return page(200, title, text)
}

function confirmForm({ title, text, button }: { title: string; text: string; button: string }): Page {
  const main = html`<h1>${title}</h1>
<p>${text}</p>
<form method="post"><button>${button}</button></form>`
  return { status: 200, main }
}

function passwordForm({ reset_password: { title, label, hint, button } }: Words, error = ''): Page {
  const main = html`<h1>${title}</h1>
<form method="post">
<label>${label}
<input type="password" name="password" required minlength="8" maxlength="128" autocomplete="new-password" aria-describedby="hint">
</label>
<p id="hint" class="${error ? 'wrong' : 'soft'}" role="${error ? 'alert' : 'note'}">${error || hint}</p>
<button>${button}</button>
</form>`
  return { status: error ? 422 : 200, main }
}
