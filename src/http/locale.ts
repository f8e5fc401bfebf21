import type { Context } from 'hono'
import { accepts } from 'hono/accepts'

/** The languages of mails and of the small pages. */
export const LOCALES = ['en', 'de'] as const
export type Locale = (typeof LOCALES)[number]

/** Returns the caller's language by Accept-Language, or English. */
export function localeOf(c: Context): Locale {
  const supports = LOCALES.flatMap((locale) => [locale, ...(locale === 'de' ? ['de-DE', 'de-AT', 'de-CH'] : [])])
  return accepts(c, { header: 'Accept-Language', supports, default: 'en' }).slice(0, 2) as Locale
}
