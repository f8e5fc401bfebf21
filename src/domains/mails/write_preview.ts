import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { html } from 'hono/html'
import { kinds, render } from './render.ts'
import { samples } from './samples.ts'
import { locales } from './words.ts'

const LINK = 'https://market.example/a-link/kq3N0xTzWb7rYpE1cUvJ2mHs9aLdGfQi'

/**
 * Writes each kind of mail in each language into `folder`, with invented facts, as `<language>/<kind>.html` and `.txt`, and
 * `index.html` with all of them. Returns the number of mails.
 */
export async function writePreview(folder: string): Promise<number> {
  const mails = locales.flatMap((locale) => kinds.map((kind) => ({ locale, kind, path: `${locale}/${kind}` })))
  for (const locale of locales) mkdirSync(join(folder, locale), { recursive: true })
  const rows: { path: string; subject: string }[] = []
  for (const { locale, kind, path } of mails) {
    const mail = render({ kind, locale, facts: samples.get(kind) ?? {}, link: LINK })
    writeFileSync(join(folder, `${path}.html`), mail.html)
    writeFileSync(join(folder, `${path}.txt`), `${mail.subject}\n\n${mail.text}\n`)
    rows.push({ path, subject: mail.subject })
  }
  writeFileSync(join(folder, 'index.html'), String(await indexPage(rows)))
  return rows.length
}

const indexPage = (rows: { path: string; subject: string }[]) => html`<!doctype html>
<html lang="en">
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Mails of Stallwright</title>
<style>body { max-width: 50rem; margin: 2rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui } td { padding: .25rem 1rem .25rem 0 }</style>
<h1>Mails of Stallwright</h1>
<table>
${rows.map(
  ({ path, subject }) =>
    html`<tr><td>${path}</td><td><a href="${path}.html">${subject}</a></td><td><a href="${path}.txt">text</a></td></tr>
`,
)}</table>
</html>
`
