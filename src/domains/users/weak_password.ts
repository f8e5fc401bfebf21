import { dictionary } from '@zxcvbn-ts/language-common'
import { invalidInput } from '../../platform/problem.ts'

/**
 * The 49,000 most common passwords of known leaks in lower case, the 10,000 most common first. The package excludes those
 * that zxcvbn finds by rules: repetitions such as `88888888` and sequences such as `87654321`.
 */
const common = new Set<string>(dictionary['passwords-common'])

type Owner = { email: string; display_name: string }

/**
 * Returns the error of a new password that is easy to guess, else undefined. Rejects, in any case of letters, a common password
 * (OWASP ASVS 5, 6.2.4), a repetition or sequence of characters, and the owner's e-mail, its local part and name (6.2.11).
 */
export function describeWeakness(password: string, { email, display_name }: Owner): string | undefined {
  const text = fold(password)
  if (common.has(text)) return 'must not be one of the most common passwords; choose another one'
  if (isRepetition(text) || isRun(text)) return 'must not be a repetition or a sequence of characters; choose another one'
  const [local_part = ''] = email.split('@')
  const own = [email, local_part, display_name].map(fold)
  return own.includes(text) ? 'must not be your e-mail or name; choose another one' : undefined
}

/** Throws 422 if a new password is easy to guess. `field` is its name in the body. */
export function refuseWeakPassword(field: string, password: string, owner: Owner): void {
  const detail = describeWeakness(password, owner)
  if (detail) throw invalidInput([{ pointer: `#/${field}`, detail }])
}

/** Whether the text is a repetition of at most six characters. */
function isRepetition(text: string): boolean {
  return /^(.{1,6})\1+$/su.test(text)
}

/** Whether the characters ascend, as in `abcdefgh`, or descend, as in `87654321`. */
function isRun(text: string): boolean {
  const codes = Array.from(text, (character) => character.codePointAt(0) as number)
  const steps = new Set(codes.slice(1).map((code, index) => code - (codes[index] as number)))
  return steps.size === 1 && (steps.has(1) || steps.has(-1))
}

/** Invisible characters, such as U+200B, U+00AD or U+FE0F. */
const INVISIBLE = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/gu

/** Maps letters that look alike to one form. */
function fold(text: string): string {
  return text.normalize('NFKC').replace(INVISIBLE, '').toLowerCase().trim()
}
