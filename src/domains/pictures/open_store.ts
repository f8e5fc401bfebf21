import { join } from 'node:path'
import type { Config } from '../../platform/config.ts'
import { projectRoot } from '../../platform/project.ts'
import { openDirectoryStore } from './directory_store.ts'
import { openS3Store } from './s3_store.ts'
import type { PictureStore } from './store.ts'

/** The bucket S3_BUCKET, or the directory PICTURES_DIR. Throws if a bucket has no keys. */
export function openPictureStore(config: Config): PictureStore {
  const { S3_BUCKET, S3_REGION, S3_ACCESS_KEY_ID, S3_SECRET_ACCESS_KEY, S3_ENDPOINT } = config
  if (!S3_BUCKET) return openDirectoryStore(config.PICTURES_DIR ?? join(projectRoot, '.data', 'pictures'))
  if (!S3_ACCESS_KEY_ID || !S3_SECRET_ACCESS_KEY)
    throw new Error('Bad configuration: S3_BUCKET needs S3_ACCESS_KEY_ID and S3_SECRET_ACCESS_KEY.')
  return openS3Store({
    bucket: S3_BUCKET,
    region: S3_REGION,
    access_key_id: S3_ACCESS_KEY_ID,
    secret_access_key: S3_SECRET_ACCESS_KEY,
    ...(S3_ENDPOINT ? { endpoint: S3_ENDPOINT } : {}),
  })
}
