import { type Static, Type } from '@sinclair/typebox'
import { Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { orNotFound, sendJson } from '../../http/respond.ts'
import { Id, Strict, withExample } from '../../http/schemas.ts'
import { query } from '../../platform/db/statement.ts'
import { Json } from '../../platform/db/types.ts'

const showCategories = query('categories/show_categories', {}, { body: Json })
const showCategory = query('categories/show_category', { slug: Type.String() }, { body: Json })

const Slug = withExample(Type.String(), 'jewelry')
const Name = withExample(Type.String(), 'Jewelry')
/** An example from the shipped catalog. */
const [GIFTS, JEWELRY] = [
  { id: 1, slug: 'gifts-home', name: 'Gifts & Home' },
  { id: 9, slug: 'jewelry', name: 'Jewelry' },
]
const Category = Type.Recursive(
  (Self) => Type.Object({ id: Id, slug: Slug, name: Name, children: Type.Array(Self) }, { additionalProperties: false }),
  { $id: 'Category' },
)
export type Category = Static<typeof Category>

const SlugParam = Strict({
  slug: Type.String({
    pattern: '^[a-z0-9]+(-[a-z0-9]+)*$',
    maxLength: 200,
    hint: 'must be a slug such as "leather-bags"',
    examples: ['jewelry'],
  }),
})

const CategoryLink = Strict({ id: Id, slug: Slug, name: Name }, { $id: 'CategoryLink' })
const CategoryTree = Strict(
  { items: withExample(Type.Array(Category), [{ ...GIFTS, children: [{ ...JEWELRY, children: [] }] }]) },
  { $id: 'CategoryTree' },
)
const CategoryDetails = Strict(
  {
    id: withExample(Id, JEWELRY.id),
    slug: Slug,
    name: Name,
    ancestors: withExample(Type.Array(CategoryLink, { description: 'From the root down.' }), [GIFTS]),
    children: withExample(Type.Array(Category), []),
  },
  { $id: 'CategoryDetails' },
)

export const categories = new Hono<Env>()
  .get(
    '/',
    operation({
      id: 'getCategories',
      summary: 'Read the category tree',
      description:
        'Returns the whole tree. Any category can hold listings. The tree changes rarely: keep a copy and revalidate it ' +
        'with `If-None-Match`.',
      tag: 'Categories',
      etag: 'revalidated',
      answers: { 200: CategoryTree },
    }),
    async (c) => {
      const { body } = await showCategories.one(c.get('sql'), {})
      return sendJson(c, body)
    },
  )
  .get(
    '/:slug',
    operation({
      id: 'getCategory',
      summary: 'Read a category and the categories above and below it',
      description:
        '`ancestors` lead from the root to the category. `children` are directly below it. `GET /v1/search?category=` ' +
        'searches the category and its descendants.',
      tag: 'Categories',
      params: SlugParam,
      etag: 'revalidated',
      answers: { 200: CategoryDetails },
      problems: ['not_found'],
    }),
    async (c) => {
      const { slug } = c.req.valid('param')
      const category = orNotFound(await showCategory.maybe(c.get('sql'), { slug }), 'category')
      return sendJson(c, category.body)
    },
  )
