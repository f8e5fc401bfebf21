import { Type } from '@sinclair/typebox'
import { query, routine } from '../../platform/db/statement.ts'
import { Bytes, Json, Jsonb, Void } from '../../platform/db/types.ts'

const base_url = Type.String()

export const reusePicture = routine(
  'reuse_picture',
  { owner_id: Type.Integer(), source_hash: Bytes, base_url },
  { id: Type.Integer(), body: Json },
)
export const registerPicture = routine(
  'register_picture',
  {
    owner_id: Type.Integer(),
    source_hash: Bytes,
    content_hash: Bytes,
    width: Type.Integer(),
    height: Type.Integer(),
    bytes: Type.Integer(),
  },
  { id: Type.Integer(), key: Type.String() },
)
export const confirmPicture = routine('confirm_picture', { picture_id: Type.Integer(), base_url }, { body: Json })
export const retirePictures = routine(
  'retire_pictures',
  { batch_size: Type.Integer() },
  { id: Type.Integer(), key: Type.String() },
)
export const forgetPicture = routine('forget_picture', { picture_id: Type.Integer() }, { forget_picture: Void })
export const listOwnPictures = query(
  'pictures/list_own_pictures',
  { owner_id: Type.Integer(), base_url, after: Jsonb, page_size: Type.Integer() },
  { item: Json, cursor: Json },
)
export const showOwnPicture = query(
  'pictures/show_own_picture',
  { picture_id: Type.Integer(), owner_id: Type.Integer(), base_url },
  { body: Json },
)
export const findPicture = query('pictures/find_picture', { id: Type.Integer(), key: Type.String() }, { key: Type.String() })
