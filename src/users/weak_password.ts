import { dictionary } from '@zxcvbn-ts/language-common'

/** The 49,000 most common passwords of known leaks, all in lower case; the 10,000 most common of them come first. */
const common = new Set<string>(dictionary['passwords-common'])

type Owner = { email: string; display_name: string }

/**
 * What is wrong with a new password that is easy to guess; undefined for a good one. In any case of letters, it is none of the
 * common passwords (OWASP ASVS 5, 6.2.4), nor the e-mail, the part of it before the @, or the name of its owner (6.2.11).
 */
export function describeWeakness(password: string, { email, display_name }: Owner): string | undefined {
  const text = fold(password)
  if (common.has(text)) return 'is one of the most common passwords; choose another one'
  const [local_part = ''] = email.split('@')
  const own = [email, local_part, display_name].map(fold)
  return own.includes(text) ? 'is the own e-mail or name; choose another one' : undefined
}

/** One form for all letters that people take for the same. */
function fold(text: string): string {
  return text.normalize('NFKC').toLowerCase().trim()
}
