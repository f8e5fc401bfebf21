import { Type } from '@sinclair/typebox'
import { Id, Strict, Timestamp, withExample } from '../../http/schemas.ts'
import { Nullable } from '../../platform/db/types.ts'

const LiveSession = Strict(
  {
    id: Id,
    device: withExample(
      Nullable(Type.String({ description: 'Browser and system at the sign-in. Null if unknown.' })),
      'Firefox on Windows',
    ),
    created_at: Timestamp,
    last_used_at: Type.String({ ...Timestamp, description: 'The last use, to a day.' }),
    expires_at: withExample(
      Type.String({ ...Timestamp, description: 'The end, unless the session is used before.' }),
      '2026-12-23T09:30:00.000Z',
    ),
    current: withExample(Type.Boolean({ description: 'Whether it is the session of the request.' }), true),
  },
  { $id: 'LiveSession' },
)
export const LiveSessions = Strict({ items: Type.Array(LiveSession) }, { $id: 'LiveSessions' })
