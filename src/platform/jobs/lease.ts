/** Leases for work that one process at a time does. A holder that lost its lease can continue for one step. */
import { Type } from '@sinclair/typebox'
import { routine } from '../db/statement.ts'
import { Uuid, Void } from '../db/types.ts'

/** Takes or renews a lease. Returns false while another process holds it. */
export const claimLease = routine(
  'claim_lease',
  { name: Type.String(), holder: Uuid, ttl_s: Type.Integer() },
  { claim_lease: Type.Boolean() },
)

/** Releases a lease, so that the next holder need not wait until it expires. */
export const releaseLease = routine('release_lease', { name: Type.String(), holder: Uuid }, { release_lease: Void })
