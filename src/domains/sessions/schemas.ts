import { Type } from '@sinclair/typebox'
import { Id, Strict, Timestamp, withExample } from '../../http/schemas.ts'

const LiveSession = Strict(
  {
    id: Id,
    created_at: Timestamp,
    expires_at: withExample(Timestamp, '2026-12-23T09:30:00.000Z'),
    current: withExample(Type.Boolean({ description: 'Whether it is the session of the request.' }), true),
  },
  { $id: 'LiveSession' },
)
export const LiveSessions = Strict({ items: Type.Array(LiveSession) }, { $id: 'LiveSessions' })
