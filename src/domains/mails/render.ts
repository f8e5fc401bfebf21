/** Renders mails from the templates of this folder: `templates/<language>/<kind>.liquid` holds one kind in one language. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { convert } from 'html-to-text'
import { Liquid, type Template } from 'liquidjs'
import { filtersOf } from './formats.ts'
import { type Locale, locales, words } from './words.ts'

/**
 * `facts` is the result of `mail_facts` in SQL. `link` is the URL with the token of the mail, null if the kind has none.
 */
export type MailToRender = { kind: string; locale: Locale; facts: Record<string, unknown>; link: string | null }
export type RenderedMail = { subject: string; html: string; text: string }

const folder = join(import.meta.dirname, 'templates')
const TEXT_WIDTH = 78

/** The kinds that have a template. */
export const kinds = readdirSync(join(folder, 'en')).map((file) => file.replace('.liquid', ''))

const engines = Object.fromEntries(locales.map((locale) => [locale, openEngines(locale)])) as Record<
  Locale,
  ReturnType<typeof openEngines>
>
/** The parsed templates by language and kind. */
const templates = new Map<string, { subject: Template[]; body: Template[] }>()

/** Returns the subject and both forms of a mail. HTML in values is escaped. Throws if a fact of the template is missing. */
export function render({ kind, locale, facts, link }: MailToRender): RenderedMail {
  const { plain, html } = engines[locale]
  const template = templates.get(`${locale}/${kind}`) ?? parseTemplate(kind, locale)
  const scope = { ...facts, link, locale, words: words[locale] }
  const subject = String(plain.renderSync(template.subject, scope))
    .replace(/[ \t\r\n]+/g, ' ')
    .trim()
  const body = html.renderSync(template.body, scope)
  const page = String(html.renderFileSync('layout', { ...scope, subject, body }))
  return { subject, html: page, text: textOf(page) }
}

/** The first line of a template is the subject, the other lines are the body. */
function parseTemplate(kind: string, locale: Locale): { subject: Template[]; body: Template[] } {
  const [subject = '', ...body] = readFileSync(join(folder, locale, `${kind}.liquid`), 'utf8').split('\n')
  const { plain, html } = engines[locale]
  const template = { subject: plain.parse(subject), body: html.parse(body.join('\n')) }
  templates.set(`${locale}/${kind}`, template)
  return template
}

/** Opens two engines: only the one of HTML escapes values. */
function openEngines(locale: Locale): { plain: Liquid; html: Liquid } {
  const options = {
    root: folder,
    partials: join(folder, 'parts'),
    extname: '.liquid',
    cache: true,
    ownPropertyOnly: true,
    strictFilters: true,
    strictVariables: true,
    lenientIf: true,
  }
  const both = { plain: new Liquid(options), html: new Liquid({ ...options, outputEscape: 'escape' as const }) }
  for (const [name, filter] of Object.entries(filtersOf(locale))) {
    for (const engine of Object.values(both)) engine.registerFilter(name, filter)
  }
  return both
}

const textOf = (html: string) =>
  convert(html, {
    wordwrap: TEXT_WIDTH,
    baseElements: { selectors: ['.mail'] },
    selectors: [
      { selector: 'h1', options: { uppercase: false } },
      { selector: 'h2', options: { uppercase: false } },
      { selector: 'table.lines', format: 'dataTable', options: { uppercaseHeaderCells: false } },
      { selector: 'a', options: { linkBrackets: false, hideLinkHrefIfSameAsText: true } },
      // The text has the URL of a button once.
      { selector: '.only_html', format: 'skip' },
    ],
  })
