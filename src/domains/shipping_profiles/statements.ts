import { Type } from '@sinclair/typebox'
import { routine } from '../../platform/db/statement.ts'
import { Json, Jsonb, Void } from '../../platform/db/types.ts'

const profile = { profile_id: Type.Integer(), user_id: Type.Integer() }

export const listShippingProfiles = routine(
  'list_shipping_profiles',
  { shop_id: Type.Integer(), after: Jsonb, page_size: Type.Integer() },
  { item: Json, cursor: Json },
)
export const addShippingProfile = routine(
  'add_shipping_profile',
  { shop_id: Type.Integer(), user_id: Type.Integer(), profile: Jsonb },
  { id: Type.Integer(), body: Json },
)
export const changeShippingProfile = routine('change_shipping_profile', { ...profile, changes: Jsonb }, { body: Json })
export const removeShippingProfile = routine('remove_shipping_profile', profile, { remove_shipping_profile: Void })
