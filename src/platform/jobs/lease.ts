/** Leases, for work that one process at a time does. A holder that lost its lease may go on for one step. */
import { Type } from '@sinclair/typebox'
import { routine } from '../db/statement.ts'
import { Uuid, Void } from '../db/types.ts'

/** Takes or renews a lease. False while another process holds it. */
export const claimLease = routine(
  'claim_lease',
  { name: Type.String(), holder: Uuid, ttl_s: Type.Integer() },
  { claim_lease: Type.Boolean() },
)

/** Gives a lease back, so that the next holder need not wait for it to expire. */
export const releaseLease = routine('release_lease', { name: Type.String(), holder: Uuid }, { release_lease: Void })
