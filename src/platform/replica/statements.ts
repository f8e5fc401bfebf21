import { Type } from '@sinclair/typebox'
import { query } from '../db/statement.ts'

/** A place in the log of a primary. Each failover begins a timeline, on which positions mean something else. */
export type Place = { timeline: number; position: number }
const place = { timeline: Type.Integer(), position: Type.Integer() }

/** Asked of the primary. */
export const showPosition = query('replica/show_position', {}, place)
/** Asked of the replica. */
export const showReplay = query('replica/show_replay', {}, { is_following: Type.Boolean(), ...place })
