import { dictionary } from '@zxcvbn-ts/language-common'

/**
 * The 49,000 most common passwords of known leaks, all in lower case; the 10,000 most common of them come first. The package leaves
 * out those that zxcvbn finds by rules: repetitions such as `88888888`, and runs such as `87654321`.
 */
const common = new Set<string>(dictionary['passwords-common'])

type Owner = { email: string; display_name: string }

/**
 * What is wrong with a new password that is easy to guess; undefined for a good one. In any case of letters, it is none of the
 * common passwords (OWASP ASVS 5, 6.2.4), no repetition or run of characters, nor the e-mail, the part of it before the @, or the name of its owner (6.2.11).
 */
export function describeWeakness(password: string, { email, display_name }: Owner): string | undefined {
  const text = fold(password)
  if (common.has(text)) return 'is one of the most common passwords; choose another one'
  if (isRepetition(text) || isRun(text)) return 'is easy to guess: a repetition or a run of characters; choose another one'
  const [local_part = ''] = email.split('@')
  const own = [email, local_part, display_name].map(fold)
  return own.includes(text) ? 'is the own e-mail or name; choose another one' : undefined
}

/** Whether a piece of at most six characters, repeated, makes the whole text. */
function isRepetition(text: string): boolean {
  return /^(.{1,6})\1+$/su.test(text)
}

/** Whether each character follows the one before, as in `abcdefgh`, or precedes it, as in `87654321`. */
function isRun(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) as number)
  const steps = new Set(codes.slice(1).map((code, index) => code - (codes[index] as number)))
  return steps.size === 1 && (steps.has(1) || steps.has(-1))
}

/** What nobody sees in a text, such as U+200B, U+00AD or U+FE0F. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

/** One form for all letters that people take for the same. */
function fold(text: string): string {
  return text.normalize('NFKC').replace(INVISIBLE, '').toLowerCase().trim()
}
