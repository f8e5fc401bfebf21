import { type Static, Type } from '@sinclair/typebox'
import { EMAIL } from '../../http/formats.ts'
import { Id, Strict, Timestamp, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'

const Email = Type.String({ format: 'email', pattern: EMAIL, minLength: 6, maxLength: 254, examples: ['ann@example.com'] })
// 128 characters suffice for a passphrase and limit the cost of a hash. Longer passwords are rejected, never truncated.
const Password = withExample(Text(8, 128), 'correct horse battery')
const DisplayName = withExample(Text(1, 100), 'Ann Lee')

/** Spaces and hyphens of a code do not count. */
export const Code = withExample(
  Text(0, 64, 'The six digits that the authenticator app shows now, or an unused recovery code.'),
  '492039',
)

export const UserInput = Strict({ email: Email, password: Password, display_name: DisplayName }, { $id: 'UserInput' })
export const GuestInput = Strict({ email: Email }, { $id: 'GuestInput' })
export const UserChanges = Strict({ display_name: Type.Optional(DisplayName) }, { $id: 'UserChanges', minProperties: 1 })
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
    display_name: withExample(Type.String(), 'Ann Lee'),
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
