import { Type } from '@sinclair/typebox'
import { type Context, Hono } from 'hono'
import type { Env } from '../../http/env.ts'
import { operation } from '../../http/operation/operation.ts'
import { linkToNext, openCursor, PAGE_SIZE, PageQuery, sealCursor } from '../../http/pagination.ts'
import { loaderContext, readerOf } from '../../http/read_routing.ts'
import { sendJson } from '../../http/respond.ts'
import { Id, Money, MoneyInput, OneOf, Strict, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'
import { Nullable } from '../../platform/db/types.ts'
import { LISTING } from '../products/limits.ts'
import { Product } from '../products/schemas.ts'
import type { FoundPage, SearchRequest } from './backend.ts'
import { searchPageKind, suggestions } from './cache.ts'
import { unpackPage } from './cached_page.ts'

const tag = 'Discovery'
const MAX_QUERY_CHARACTERS = 200
const MAX_OPTIONS = 20
/** The longest name, a colon and the longest value. TypeBox counts UTF-16 units, and a character has one or two. */
const MAX_OPTION_UNITS = 2 * (LISTING.option_name + LISTING.option_value) + 1
/** A name, a colon, and a value; `searched_options` reads it. */
const NAMED_VALUE = '^\\s*[^:\\s][^:]*:\\s*\\S'

const SearchQuery = Strict({
  ...PageQuery,
  // The cursor holds up to about 250 ids of shown listings, and up to about 200 ids that were shown ahead of their natural place.
  cursor: Type.Optional(Type.String({ maxLength: 6000, description: 'The `next_cursor` of the previous page.' })),
  q: Type.Optional(
    withExample(Text(0, MAX_QUERY_CHARACTERS, 'The words to search for. Missing or empty: every listing.'), 'blue bowl'),
  ),
  category: Type.Optional(withExample(Text(1, 200, 'A category slug. Includes its descendants.'), 'jewelry')),
  price_min: Type.Optional(withExample(MoneyInput, '10')),
  price_max: Type.Optional(withExample(MoneyInput, '50')),
  is_vintage: Type.Optional(Type.Boolean()),
  option: Type.Optional(
    Type.Array(
      Type.String({
        maxLength: MAX_OPTION_UNITS,
        pattern: NAMED_VALUE,
        hint: 'must be a name and a value with a colon between them, such as "Size:S"',
        examples: ['Size:S'],
      }),
      {
        maxItems: MAX_OPTIONS,
        description:
          'A name and a value of an option, with a colon between them. You can repeat it: values of one name are alternatives, ' +
          'and one variant in stock must have a value of each name. Upper and lower case are equal.',
      },
    ),
  ),
  ships_to: Type.Optional(
    Type.String({
      pattern: '^([A-Z]{2}|eu|world)$',
      hint: 'must be an ISO 3166-1 code of two capital letters, "eu" or "world"',
      description: 'Where the listing can be sent: a country, `eu` (every member of the European Union) or `world` (everywhere).',
      examples: ['DE'],
    }),
  ),
  exact: Type.Optional(Type.Boolean({ description: '`true` searches the words without correction.' })),
  sort: Type.Optional(OneOf(['relevance', 'newest', 'price_asc', 'price_desc'])),
})

const Count = Type.Integer({ minimum: 0, examples: [1] })
const Category = { slug: withExample(Type.String(), 'gifts-home'), name: withExample(Type.String(), 'Gifts & Home') }

const CategoryCount = Strict({ ...Category, count: Count }, { $id: 'CategoryCount' })
const PriceRange = Strict(
  {
    key: withExample(Type.String(), 'under_25'),
    from: withExample(Nullable(Money), null),
    to: withExample(Nullable(Money), '24.99'),
    count: Count,
  },
  {
    $id: 'PriceRange',
    description: 'Send `from` as `price_min` and `to` as `price_max`. The first range has no `from`, the last no `to`.',
  },
)
const VintageCount = Strict({ is_vintage: Type.Boolean(), count: Count }, { $id: 'VintageCount' })
const OptionValueCount = Strict({ value: withExample(Type.String(), 'S'), count: Count }, { $id: 'OptionValueCount' })
const OptionCounts = Strict(
  { name: withExample(Type.String(), 'Size'), values: Type.Array(OptionValueCount) },
  { $id: 'OptionCounts' },
)
const DestinationCount = Strict({ to: withExample(Type.String(), 'DE'), count: Count }, { $id: 'DestinationCount' })
const SearchFacets = Strict(
  {
    categories: Type.Array(CategoryCount),
    price_ranges: Type.Array(PriceRange),
    vintage: Type.Array(VintageCount),
    options: Type.Array(OptionCounts, {
      description:
        'The ten commonest options of variants in stock, each with its 20 commonest values. Spellings that differ in case count ' +
        'together and show the commonest one. The counts omit all filters `option`.',
    }),
    ships_to: Type.Array(DestinationCount, {
      description:
        '`world` (everywhere), `eu` (all of its members), and the 20 countries that most listings name as a destination.',
    }),
  },
  { $id: 'SearchFacets' },
)

const SearchHit = Strict(
  {
    ...Product.properties,
    variant_id: withExample(
      Nullable(
        Type.Integer({
          ...Id,
          description:
            'The variant that the filter `option` found. Its pictures are the first of `images`. Null without the filter.',
        }),
      ),
      null,
    ),
  },
  { $id: 'SearchHit' },
)

export const SearchResult = Strict(
  {
    items: Type.Array(SearchHit),
    next_cursor: Nullable(Type.String()),
    total: Count,
    total_is_lower_bound: Type.Boolean(),
    facets: SearchFacets,
    did_you_mean: Nullable(Type.String()),
    showing_results_for: Nullable(
      Type.String({ description: 'The corrected query, if `q` finds nothing. `exact=true` searches for `q` itself.' }),
    ),
    degraded: Type.Boolean({ description: 'Whether a fallback ran the search because the configured engine failed.' }),
    took_ms: withExample(Type.Integer(), 8),
  },
  { $id: 'SearchResult' },
)

const SuggestedCategory = Strict(Category, { $id: 'SuggestedCategory' })
const SuggestedShop = Strict({ id: Id, name: withExample(Type.String(), 'Kiln & Loom') }, { $id: 'SuggestedShop' })

export const Suggestions = Strict(
  {
    items: Type.Array(withExample(Type.String(), 'blue bowl'), { description: 'Queries with results.' }),
    categories: Type.Array(SuggestedCategory),
    shops: Type.Array(SuggestedShop),
  },
  { $id: 'Suggestions' },
)

/** The page of a signed-in user has a personal order, so it is not cached. */
async function findPage(c: Context<Env>, request: SearchRequest): Promise<FoundPage> {
  if (request.user_id) return c.get('search').search(request, await readerOf(c))
  const kept = await c.get('cache').get(searchPageKind(c.get('search')), request, loaderContext(c))
  return unpackPage((kept as { text: string }).text)
}

export const search = new Hono<Env>()
  .get(
    '/',
    operation({
      id: 'search',
      summary: 'Search listings in stock',
      description:
        'Without `q` the search finds every listing in stock. Filters and `sort` can be combined. If you are signed in, ' +
        'your favorites can change the order. `total` and the counts of the facets are exact up to 10,000; above, `total` ' +
        'is 10,000 and `total_is_lower_bound` is true. If a misspelled `q` finds nothing, the search corrects it, and ' +
        '`showing_results_for` is the corrected query. To page, send `next_cursor` as `cursor` with the same filters.',
      tag,
      signed_in: 'optional',
      query: SearchQuery,
      answers: { 200: SearchResult },
    }),
    async (c) => {
      const started = performance.now()
      const {
        cursor,
        limit = PAGE_SIZE,
        q = null,
        category = null,
        price_min = null,
        price_max = null,
        is_vintage = null,
        option,
        ships_to = null,
        exact = false,
        sort = 'relevance',
      } = c.req.valid('query')
      const after = cursor ? openCursor(c, cursor) : null
      const page = await findPage(c, {
        q,
        category,
        price_min,
        price_max,
        is_vintage,
        // Sorted, so that the same options in another order share a cached page.
        options: option ? [...new Set(option)].sort() : null,
        ships_to,
        sort,
        after,
        limit,
        user_id: c.get('user_id') || null,
        exact,
      })
      if (q !== null && after === null) {
        const asker = c.get('user_id') ? String(c.get('user_id')) : c.get('address')
        c.get('searches').note({ asker, q, total: page.total, corrected: page.did_you_mean !== null })
      }
      const next_cursor = page.next ? sealCursor(c, JSON.stringify(page.next)) : null
      const { total, total_is_lower_bound, did_you_mean, showing_results_for } = page
      const rest = {
        next_cursor,
        total,
        total_is_lower_bound,
        did_you_mean,
        showing_results_for,
        degraded: page.degraded,
        took_ms: Math.round(performance.now() - started),
      }
      return sendJson(c, `{"items":${page.items},"facets":${page.facets},${JSON.stringify(rest).slice(1)}`, 200, {
        ...linkToNext(c, next_cursor),
        'X-Search-Source': page.engine,
      })
    },
  )
  .get(
    '/suggest',
    operation({
      id: 'suggestSearches',
      summary: 'Suggest searches for a partial query',
      description:
        'Call it after each keystroke. It returns searches with results, and categories and shops by name. It tolerates ' +
        'one typing mistake.',
      tag,
      query: Strict({
        q: Type.Optional(withExample(Text(0, MAX_QUERY_CHARACTERS), 'blu')),
        limit: Type.Optional(Type.Integer({ minimum: 1, maximum: 20, default: 10 })),
      }),
      answers: { 200: Suggestions },
    }),
    async (c) => {
      const { q = '', limit = 10 } = c.req.valid('query')
      const kept = await c.get('cache').get(suggestions(c.get('search')), { q, limit }, loaderContext(c))
      return sendJson(c, (kept as { text: string }).text)
    },
  )
