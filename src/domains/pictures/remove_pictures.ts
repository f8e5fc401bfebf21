import type { JobHandler } from '../../platform/jobs/job.ts'
import { SIDES } from '../../platform/runtime/picture_format.ts'
import { forgetPicture, retirePictures } from './statements.ts'
import type { PictureStore } from './store.ts'

/** The most pictures of one run. The run of the next day continues. */
const BATCH_SIZE = 1000

/** Every night, deletes unused pictures: hides them, deletes their files, then their rows, so that a later run can resume. */
export const removePictures: JobHandler<{ pictures: PictureStore }> = async (_data, { sql, pictures, log }) => {
  const retired = await retirePictures.many(sql, { batch_size: BATCH_SIZE })
  for (const { id, key } of retired) {
    for (const size of Object.keys(SIDES)) await pictures.remove(`${key}/${size}.webp`)
    await forgetPicture.one(sql, { picture_id: id })
  }
  log.info({ count: retired.length }, 'removed unused pictures')
}
