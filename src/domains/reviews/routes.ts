import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { sendJson } from '../../http/respond.ts'
import { IdParam } from '../../http/schemas.ts'
import { ReplyInput, Review } from './schemas.ts'
import { removeReply, replyToReview } from './statements.ts'

const tag = 'Reviews'

/** Replies of shops. A review is written at its order and read at its shop. */
export const reviews = new Hono<Env>()
  .put(
    '/:id/reply',
    operation({
      id: 'replyToReview',
      summary: 'Reply to a review of your shop',
      description: "For the shop's owner. A second call replaces the reply.",
      tag,
      signed_in: true,
      params: IdParam,
      body: ReplyInput,
      answers: { 200: Review },
      problems: ['not_found', 'not_owner'],
    }),
    async (c) => {
      const { comment } = c.req.valid('json')
      const review_id = c.req.valid('param').id
      const { body } = await replyToReview.one(c.get('sql'), { review_id, user_id: c.get('user_id'), comment })
      return sendJson(c, body)
    },
  )
  .delete(
    '/:id/reply',
    operation({
      id: 'removeReply',
      summary: 'Delete the reply to a review',
      description: "For the shop's owner. The review stays. It returns 204 also if there is no reply.",
      tag,
      signed_in: true,
      params: IdParam,
      answers: { 204: null },
      problems: ['not_found', 'not_owner'],
    }),
    async (c) => {
      await removeReply.one(c.get('sql'), { review_id: c.req.valid('param').id, user_id: c.get('user_id') })
      return c.body(null, 204)
    },
  )
