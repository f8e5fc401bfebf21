import { Type } from '@sinclair/typebox'
import { query, routine } from '../../platform/db/statement.ts'
import { Json, Jsonb, Void } from '../../platform/db/types.ts'

const section = { section_id: Type.Integer(), user_id: Type.Integer() }

export const addSection = routine(
  'add_section',
  { shop_id: Type.Integer(), user_id: Type.Integer(), section: Jsonb },
  { body: Json },
)
export const changeSection = routine('change_section', { ...section, changes: Jsonb }, { body: Json })
export const removeSection = routine('remove_section', section, { remove_section: Void })
export const listSections = query('sections/list_sections', { shop_id: Type.Integer() }, { body: Json })
