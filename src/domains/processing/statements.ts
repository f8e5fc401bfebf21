import { Type } from '@sinclair/typebox'
import { query, routine } from '../../platform/db/statement.ts'
import { Json, Jsonb, Void } from '../../platform/db/types.ts'

const profile = { profile_id: Type.Integer(), user_id: Type.Integer() }

export const addProcessingProfile = routine(
  'add_processing_profile',
  { shop_id: Type.Integer(), user_id: Type.Integer(), profile: Jsonb },
  { id: Type.Integer(), body: Json },
)
export const changeProcessingProfile = routine('change_processing_profile', { ...profile, changes: Jsonb }, { body: Json })
export const removeProcessingProfile = routine('remove_processing_profile', profile, { remove_processing_profile: Void })
export const listProcessingProfiles = query(
  'processing/list_processing_profiles',
  { shop_id: Type.Integer(), after: Jsonb, page_size: Type.Integer() },
  { item: Json, cursor: Json },
)
