import { Type } from '@sinclair/typebox'
import { Id, Strict, Timestamp, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'

const Position = Type.Integer({
  minimum: 1,
  maximum: 1000,
  description: 'The place in the list: lower comes first. A new section without one comes last.',
  examples: [1],
})

export const SectionInput = Strict(
  {
    name: withExample(Text(1, 50, 'Unique in the shop, whatever its capital letters.'), 'Bowls'),
    position: Type.Optional(Position),
  },
  { $id: 'SectionInput' },
)

export const SectionChanges = Type.Partial(SectionInput, { $id: 'SectionChanges', additionalProperties: false, minProperties: 1 })

export const Section = Strict(
  {
    id: Id,
    shop_id: Id,
    name: withExample(Type.String(), 'Bowls'),
    position: Position,
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { $id: 'Section' },
)

/** All sections of a shop, which has at most 50. */
export const SectionList = Strict({ items: Type.Array(Section) }, { $id: 'SectionList' })
