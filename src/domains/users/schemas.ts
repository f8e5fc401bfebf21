import { type Static, Type } from '@sinclair/typebox'
import { EMAIL } from '../../http/formats.ts'
import { Id, OneOf, Strict, Timestamp, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'

export const Email = Type.String({ format: 'email', pattern: EMAIL, minLength: 6, maxLength: 254, examples: ['ann@example.com'] })
// 128 characters suffice for a passphrase and limit the cost of a hash. Longer passwords are rejected, never truncated.
export const Password = withExample(Text(8, 128), 'correct horse battery')
const DisplayName = withExample(Text(1, 100), 'Ann Lee')

/** Spaces and hyphens of a code do not count. */
export const Code = withExample(
  Text(0, 64, 'The six digits that the authenticator app shows now, or an unused recovery code.'),
  '492039',
)

export const UserInput = Strict({ email: Email, password: Password, display_name: DisplayName }, { $id: 'UserInput' })
export const GuestInput = Strict({ email: Email }, { $id: 'GuestInput' })
const Locale = OneOf(['en', 'de'])
export const UserChanges = Strict(
  {
    display_name: Type.Optional(DisplayName),
    email: Type.Optional(
      Type.String({ ...Email, description: 'Counts once its owner has opened the link that is mailed to it.' }),
    ),
    password: Type.Optional(withExample(Text(0, 128, 'The current password. `email` requires it.'), 'correct horse battery')),
    locale: Type.Optional(withExample(Locale, 'en')),
    receives_notices: Type.Optional(withExample(Type.Boolean(), true)),
  },
  { $id: 'UserChanges', minProperties: 1 },
)
export const PasswordResetRequest = Strict({ email: Email }, { $id: 'PasswordResetRequest' })
/** The token of a mailed link. */
const MailedToken = withExample(Text(1, 200, 'The token of the mailed link.'), '3q2-7wEjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWc')
export const PasswordReset = Strict({ token: MailedToken, password: Password }, { $id: 'PasswordReset' })
export const EmailConfirmation = Strict({ token: MailedToken }, { $id: 'EmailConfirmation' })
export const PasswordChange = Strict(
  {
    current_password: withExample(Text(0, 128), 'correct horse battery'),
    new_password: withExample(Password, 'battery horse correct'),
  },
  { $id: 'PasswordChange' },
)
export type PasswordChange = Static<typeof PasswordChange>
export const Credentials = Strict(
  {
    email: withExample(Text(0, 254), 'ann@example.com'),
    password: withExample(Text(0, 128), 'correct horse battery'),
    code: Type.Optional(Code),
  },
  { $id: 'Credentials' },
)
export const User = Strict(
  {
    id: Id,
    email: withExample(Type.String(), 'ann@example.com'),
    email_verified: withExample(Type.Boolean({ description: 'Whether the person has opened a link mailed to `email`.' }), true),
    is_guest: withExample(Type.Boolean({ description: 'Whether the person buys without an account.' }), false),
    display_name: withExample(Type.String(), 'Ann Lee'),
    locale: withExample(Type.String({ description: 'The language of mails: `en` or `de`.' }), 'en'),
    receives_notices: withExample(
      Type.Boolean({ description: 'Whether mails come that can be unsubscribed, such as that of a new device.' }),
      true,
    ),
    created_at: Timestamp,
  },
  { $id: 'User' },
)
export const Session = Strict(
  {
    token: withExample(Type.String(), 'sw_3q2-7wEjRWeJq83vASNFZ4mrze8BI0VniavN7wEjRWc'),
    expires_at: withExample(Timestamp, '2026-12-23T09:30:00.000Z'),
    user: User,
  },
  { $id: 'Session' },
)
