import { Type } from '@sinclair/typebox'
import { Id, Strict, Timestamp } from '../http/schemas.ts'
import { Text } from '../http/text.ts'

const Email = Type.String({ format: 'email', minLength: 3, maxLength: 254, examples: ['ann@example.com'] })
// 128 is plenty for a passphrase and bounds what a hash must read; nothing is cut off silently.
const Password = Object.assign(Text(8, 128), { examples: ['correct horse battery'] })
const DisplayName = Text(1, 100)

export const NewUser = Strict({ email: Email, password: Password, display_name: DisplayName })
export const UserChanges = Strict({ display_name: Type.Optional(DisplayName) }, { minProperties: 1 })
export const PasswordChange = Strict({
  current_password: Text(0, 128),
  new_password: Password,
})
export const Credentials = Strict({ email: Text(0, 254), password: Text(0, 128) })
export const User = Strict({ id: Id, email: Type.String(), display_name: Type.String(), created_at: Timestamp }, { $id: 'User' })
export const Session = Strict({ token: Type.String(), expires_at: Timestamp, user: User }, { $id: 'Session' })
