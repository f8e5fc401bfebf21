import { Type } from '@sinclair/typebox'
import { Id, OneOf, Strict, Timestamp, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'

const Days = Type.Integer({ minimum: 0, maximum: 365, description: 'Working days.', examples: [3] })

/** How long the shop needs until it ships: of a listing, or of a profile. */
export const processing = {
  readiness: OneOf(['ready_to_ship', 'made_to_order'], { description: '`made_to_order`: the seller makes it after the sale.' }),
  days_min: Days,
  days_max: withExample(Days, 5),
}

/** How long the shop needs until it ships a listing. */
export const Processing = Strict(processing, { $id: 'Processing' })

export const ProcessingProfileInput = Strict(
  { name: withExample(Text(1, 100), 'Thrown to order'), ...processing },
  { $id: 'ProcessingProfileInput' },
)

export const ProcessingProfileChanges = Type.Partial(ProcessingProfileInput, {
  $id: 'ProcessingProfileChanges',
  additionalProperties: false,
  minProperties: 1,
})

export const ProcessingProfile = Strict(
  {
    id: Id,
    shop_id: Id,
    name: withExample(Type.String(), 'Thrown to order'),
    ...processing,
    created_at: Timestamp,
    updated_at: Timestamp,
  },
  { $id: 'ProcessingProfile' },
)
