import { Type } from '@sinclair/typebox'
import { Strict, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'

export const AccountDeletion = Strict(
  { password: Type.Optional(withExample(Text(0, 128), 'correct horse battery')) },
  { $id: 'AccountDeletion' },
)

/** By table, the rows of the person, with the columns of docs/PRIVACY.md. New versions add tables and columns. */
export const PersonalData = Type.Record(Type.String(), Type.Array(Type.Record(Type.String(), Type.Unknown())), {
  $id: 'PersonalData',
  examples: [{ users: [{ id: 1, email: 'ann@example.com', display_name: 'Ann Lee' }], orders: [] }],
})
