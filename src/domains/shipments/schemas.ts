import { Type } from '@sinclair/typebox'
import { Id, OrderId, Strict, Timestamp, withExample } from '../../http/schemas.ts'
import { Text } from '../../http/text.ts'
import { LineUnits, LineUnitsInput } from '../refunds/schemas.ts'

const tracking = {
  carrier: withExample(Text(1, 100), 'UPS'),
  tracking_number: withExample(Text(1, 100), '1Z999AA10123456784'),
}
export const Tracking = Strict(tracking, { $id: 'Tracking' })
export const TrackingInput = Strict(
  { carrier: Type.Optional(tracking.carrier), tracking_number: Type.Optional(tracking.tracking_number) },
  { $id: 'TrackingInput', minProperties: 1 },
)
export const ShipmentInput = withExample(
  Strict({ ...tracking, items: Type.Optional(LineUnitsInput) }, { $id: 'ShipmentInput' }),
  { carrier: 'UPS', tracking_number: '1Z999AA10123456784' },
)
export const Shipment = Strict(
  { id: Id, order_id: OrderId, ...tracking, items: Type.Array(LineUnits), created_at: Timestamp, updated_at: Timestamp },
  { $id: 'Shipment' },
)
