import { expect, test } from 'bun:test'
import { describeWeakness } from './weak_password.ts'

const ann = { email: 'ann.lee.1985@example.com', display_name: 'Ann Zoë Lee' }

test.each([
  'password',
  'PASSWORD',
  'Password1',
  '12345678',
  '11111111',
  'qwertyuiop',
  'ILoveYou',
  'sunshine',
  '1qaz2wsx',
  'ｐassword',
  '\u200bpassword',
  'pass\u00adword',
  'pass\u034fword\ufe0f',
])('%s is common', (password) => expect(describeWeakness(password, ann)).toContain('most common'))

test.each(['aaaaaaaa', 'XxXxXxXx', '88888888', '123123123', '12341234', 'abcdefgh', '87654321', '0123456789', 'a'.repeat(128)])(
  '%s is a repetition or a run',
  (password) => expect(describeWeakness(password, ann)).toContain('a repetition or a sequence'),
)

test.each(['ann.lee.1985@example.com', 'ANN.LEE.1985@Example.com', 'ann.lee.1985', 'Ann Zoë Lee', 'ann zoe\u0308 lee'])(
  '%s is the own e-mail or name',
  (password) => expect(describeWeakness(password, ann)).toContain('your e-mail or name'),
)

test.each(['correct horse battery', 'ann.lee.1985!', 'Ann Lee 1985 pots', 'correct correct', 'abcdefgi', `${'x'.repeat(127)}y`])(
  '%s is good',
  (password) => expect(describeWeakness(password, ann)).toBeUndefined(),
)
