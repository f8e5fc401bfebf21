import { Type } from '@sinclair/typebox'
import { Id, OneOf, Strict, Timestamp, Url, withExample } from '../../http/schemas.ts'
import { SIDES, type Size } from '../../platform/runtime/picture_format.ts'

const EXAMPLE_KEY = '1-0123456789abcdef0123456789abcdef'

const Side = Type.Integer({
  minimum: 1,
  maximum: SIDES.full,
  description: 'The width of the full picture in pixels.',
  examples: [1600],
})
const FileUrl = (size: Size) => withExample(Url, `https://example.com/pictures/${EXAMPLE_KEY}/${size}.webp`)

export const Picture = Strict(
  {
    id: Id,
    url: FileUrl('full'),
    width: Side,
    height: Side,
    bytes: Type.Integer({ minimum: 1, description: 'The size of all its files in bytes.', examples: [310_000] }),
    thumbnails: Strict(
      { small: FileUrl('small'), medium: FileUrl('medium') },
      { $id: 'Thumbnails', description: `Fit in ${SIDES.small} and ${SIDES.medium} pixels square.` },
    ),
    created_at: Timestamp,
  },
  { $id: 'Picture' },
)

const FILES = Object.keys(SIDES).map((size) => `${size as Size}.webp` as const)

/** The name from `picture_key`, and one of the sizes. */
export const PictureFileParam = Strict({
  key: Type.String({
    pattern: '^[1-9]\\d{0,14}-[0-9a-f]{32}$',
    hint: 'must be the name of a picture',
    examples: [EXAMPLE_KEY],
  }),
  file: OneOf(FILES),
})
