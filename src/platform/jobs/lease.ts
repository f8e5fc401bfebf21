/** Work that one process at a time does. Whoever works under a lease must bear that one who lost it goes on for a step. */
import { Type } from '@sinclair/typebox'
import { routine } from '../db/statement.ts'
import { Uuid, Void } from '../db/types.ts'

/** Takes or renews a lease; false while somebody else holds it. */
export const claimLease = routine(
  'claim_lease',
  { name: Type.String(), holder: Uuid, ttl_s: Type.Integer() },
  { claim_lease: Type.Boolean() },
)

/** Gives it back, so that the next holder need not wait for its end. */
export const releaseLease = routine('release_lease', { name: Type.String(), holder: Uuid }, { release_lease: Void })
