-- Events are never changed or deleted, so a person's data could never leave them. The list of fields has free texts too, because
-- people write names into them. A tracking number is in the list because carriers show the recipient's town for it. Lines keep
-- their variant, which events before variants do not have.
create or replace function without_personal_fields(facts jsonb) returns jsonb
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_facts constant jsonb :=
    facts - '{shipping_address, note, is_gift, gift_message, tracking, carrier, tracking_number}'::text[];
begin
  if v_facts @? '$.items[*].personalization' then
    return v_facts || jsonb_build_object('items', (
      select jsonb_agg(
        i.item - case i.item -> 'variant_id'
          when 'null' then '{variant_id, option_values, sku, personalization}' else '{personalization}' end::text[]
        order by i.place
      )
      from jsonb_array_elements(v_facts -> 'items') with ordinality as i (item, place)
    ));
  end if;
  return v_facts;
end;
$$;
comment on function without_personal_fields(jsonb) is
  'Returns an order, refund or shipment without the fields that events must not hold: addresses, notes, tracking and '
  'personalization.';
