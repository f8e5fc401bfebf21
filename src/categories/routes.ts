import { type Static, Type } from '@sinclair/typebox'
import { Hono } from 'hono'
import { etag } from 'hono/etag'
import { query } from '../db/statement.ts'
import { Json } from '../db/types.ts'
import { sendJson } from '../http/answer.ts'
import type { Env } from '../http/env.ts'
import { operation } from '../http/operation.ts'
import { Id, Strict } from '../http/schemas.ts'

const showCategories = query('categories/show_categories', {}, { body: Json })

const Category = Type.Recursive(
  (Self) =>
    Type.Object(
      { id: Id, slug: Type.String(), name: Type.String(), children: Type.Array(Self) },
      { additionalProperties: false },
    ),
  { $id: 'Category' },
)
export type Category = Static<typeof Category>

export const categories = new Hono<Env>().get(
  '/',
  etag(),
  operation({
    id: 'getCategories',
    summary: 'The category tree',
    tag: 'Categories',
    answers: { 200: Strict({ items: Type.Array(Category) }) },
  }),
  async (c) => {
    const { body } = await showCategories.one(c.var.sql, {})
    return sendJson(c, body, 200, { 'Cache-Control': 'no-cache' })
  },
)
