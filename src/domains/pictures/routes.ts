import { Type } from '@sinclair/typebox'
import { Hono } from 'hono'
import { baseUrl } from '../../http/base_url.ts'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { PageOf, PageQuery, pageArguments, sendPage } from '../../http/pagination.ts'
import { readerOf } from '../../http/read_routing.ts'
import { orNotFound, sendJson } from '../../http/respond.ts'
import { IdParam, Strict } from '../../http/schemas.ts'
import { Picture, PictureFileParam } from './schemas.ts'
import { findPicture, listOwnPictures, showOwnPicture } from './statements.ts'
import { CONTENT_TYPE } from './store.ts'
import { uploadPicture } from './upload.ts'

const tag = 'Pictures'
/** The largest photo of a phone. All other calls accept 256 KiB. */
const MAX_BYTES = 20 * 1024 * 1024
/** The bytes of a name never change. */
const FOR_GOOD = 'public, max-age=31536000, immutable'

export const pictures = new Hono<Env>()
  .post(
    '/',
    operation({
      id: 'uploadPicture',
      summary: 'Upload a JPEG, PNG or WebP picture',
      description:
        'Send the bytes of the file as the body, with its media type. The server turns the picture upright and stores it ' +
        'as WebP, without metadata. Put its `url` into the `images` of a listing. If you send the same file again, the ' +
        'call returns 200 with the existing picture.',
      tag,
      signed_in: true,
      limit: 'upload',
      upload: { types: ['image/jpeg', 'image/png', 'image/webp'], max_bytes: MAX_BYTES },
      answers: { 200: Picture, 201: Picture },
      problems: ['too_many_pictures'],
    }),
    async (c) => {
      const { id, body, is_new } = await uploadPicture(c, c.get('upload'), baseUrl(c))
      return sendJson(c, body, is_new ? 201 : 200, { Location: `/v1/pictures/${id}` })
    },
  )
  .get(
    '/',
    operation({
      id: 'listPictures',
      summary: 'List your pictures, newest first',
      description: 'Your own uploads, also those that no listing shows.',
      tag,
      signed_in: true,
      query: Strict(PageQuery),
      answers: { 200: PageOf('PicturePage', Picture) },
    }),
    async (c) => {
      const page = pageArguments(c, c.req.valid('query'))
      const rows = await listOwnPictures.many(await readerOf(c), { owner_id: c.get('user_id'), base_url: baseUrl(c), ...page })
      return sendPage(c, rows, page.page_size)
    },
  )
  .get(
    '/:id',
    operation({
      id: 'getPicture',
      summary: 'Read one of your pictures',
      description: 'Only the account that uploaded a picture can read it here.',
      tag,
      signed_in: true,
      params: IdParam,
      answers: { 200: Picture },
      problems: ['not_found'],
    }),
    async (c) => {
      const picture_id = c.req.valid('param').id
      const own = await showOwnPicture.maybe(c.get('sql'), { picture_id, owner_id: c.get('user_id'), base_url: baseUrl(c) })
      return sendJson(c, orNotFound(own, 'picture').body)
    },
  )

/** The public files, the targets of `url` and `thumbnails`. */
export const pictureFiles = new Hono<Env>().get(
  '/:key/:file',
  operation({
    id: 'getPictureFile',
    summary: 'Read a file of a picture',
    description: 'Public. The bytes of a file never change, so caches can keep them forever.',
    tag,
    limit: 'none',
    params: PictureFileParam,
    etag: 'revalidated',
    answers: { 200: Type.String({ format: 'binary' }) },
    answer_type: CONTENT_TYPE,
    problems: ['not_found'],
  }),
  async (c) => {
    const { key, file } = c.req.valid('param')
    orNotFound(await findPicture.maybe(c.get('sql'), { id: Number.parseInt(key, 10), key }), 'picture')
    const bytes = orNotFound(await c.get('pictures').store.get(`${key}/${file}`), 'picture')
    const headers = { 'Content-Type': CONTENT_TYPE, 'Cache-Control': FOR_GOOD, ETag: `"${key}-${file}"` }
    return c.body(bytes as Uint8Array<ArrayBuffer>, 200, headers)
  },
)
