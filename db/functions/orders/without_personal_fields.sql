-- Events are never changed or deleted, so a person's data could never leave them. The list of fields has free texts too, because
-- people write names into them. A tracking number is in the list because carriers show the recipient's town for it.
-- No search_path: inlined.
create or replace function without_personal_fields(facts jsonb) returns jsonb
language sql immutable
as $$
  select facts - '{shipping_address, note, is_gift, gift_message, tracking, carrier, tracking_number}'::text[]
$$;
comment on function without_personal_fields(jsonb) is
  'Returns an order, refund or shipment without the fields that events must not hold: addresses, notes and tracking.';
