import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import { Bytes, Jsonb, Nullable, Numeric, Timestamptz, Void } from '../../platform/db/types.ts'

const record = { user_id: Type.Integer(), call: Type.String(), key: Type.String() }
const text = Nullable(Type.String())

export const claimKey = routine(
  'claim_key',
  { ...record, fingerprint: Bytes, quota_scale: Numeric },
  {
    has_response: Type.Boolean(),
    checkout_id: Nullable(Type.Integer()),
    status_code: Nullable(Type.Integer()),
    body: text,
    location: text,
    refusal: Jsonb,
    lease_until: Timestamptz,
  },
)
export const storeResponse = routine(
  'store_response',
  { ...record, status_code: Type.Integer(), body: Type.String(), location: text },
  { store_response: Void },
)
