-- The checkout keeps a copy in the form of a shipping_address: without the fields that have no value.
create or replace function chosen_address(user_id bigint, shipping_address jsonb, shipping_address_id bigint) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_address jsonb;
begin
  if num_nonnulls(shipping_address, shipping_address_id) <> 1 then
    raise exception using errcode = 'SWINV', message = 'Send either shipping_address or shipping_address_id.',
      detail = json_build_object(
        'field', case when shipping_address is null then 'shipping_address' else 'shipping_address_id' end
      );
  elsif shipping_address is not null then
    return shipping_address;
  end if;
  select jsonb_strip_nulls(to_jsonb(a)) - '{id, user_id, is_default, created_at, updated_at}'::text[] into v_address
  from addresses a
  where a.id = chosen_address.shipping_address_id and a.user_id = chosen_address.user_id;
  if not found then
    raise exception using errcode = 'SWINV', message = 'Your address book has no such address.',
      detail = '{"field": "shipping_address_id"}';
  end if;
  return v_address;
end;
$$;
comment on function chosen_address(bigint, jsonb, bigint) is
  'Returns the address of a checkout: the given one, or that of the address book. SWINV: not exactly one, or no such address.';
