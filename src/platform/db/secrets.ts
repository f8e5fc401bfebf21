import { Type } from '@sinclair/typebox'
import { query } from './statement.ts'
import { Bytes } from './types.ts'

/** Returns a secret that the database generated: `cursor` signs cursors, `installation` identifies this installation. */
export const showSecret = query('secrets/show_secret', { name: Type.String() }, { secret: Bytes })
