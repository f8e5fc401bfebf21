import { Type } from '@sinclair/typebox'
import { query } from '../db/statement.ts'

/** Asked of the primary. */
export const showPosition = query('replica/show_position', {}, { position: Type.Integer() })
/** Asked of the replica. */
export const showReplay = query('replica/show_replay', {}, { is_following: Type.Boolean(), position: Type.Integer() })
