import { Type } from '@sinclair/typebox'
import { query } from '../db/statement.ts'

/** A position in the write-ahead log. Each failover starts a new timeline, on which the same position means another state. */
export type WalPosition = { timeline: number; position: number }
const position = { timeline: Type.Integer(), position: Type.Integer() }

/** Returns the end of the primary's log. Runs on the primary. */
export const showPosition = query('replica/show_position', {}, position)
/** Returns the position up to which the replica has replayed the log. Runs on the replica. */
export const showReplay = query('replica/show_replay', {}, { is_following: Type.Boolean(), ...position })

/** Whether a server that shows the log up to `shown` shows everything that was written up to `written`. */
export function hasCaughtUp(shown: WalPosition, written: WalPosition): boolean {
  return shown.timeline === written.timeline && shown.position >= written.position
}
