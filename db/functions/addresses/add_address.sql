-- address: {name, line1, line2, city, region, postal_code, country, is_default}. The first address is the default.
-- Locks: the owner, so that one address is the default.
create or replace function add_address(user_id bigint, address jsonb, quota_scale numeric default null) returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_address addresses := jsonb_populate_record(null::addresses, address);
begin
  perform lock_buyer(user_id);
  perform check_quota(user_id, 'addresses', quota_scale);
  perform check_address(address, requires_postal_code => true, path => '');
  if v_address.is_default then
    update addresses a set is_default = false where a.user_id = add_address.user_id and a.is_default;
  end if;
  return query
    insert into addresses as a (user_id, name, line1, line2, city, region, postal_code, country, is_default)
    values (
      add_address.user_id, v_address.name, v_address.line1, v_address.line2, v_address.city, v_address.region,
      v_address.postal_code, v_address.country,
      not exists (select from addresses other where other.user_id = add_address.user_id and other.is_default)
    )
    returning address_json(a);
end;
$$;
comment on function add_address(bigint, jsonb, numeric) is 'Adds an address to the address book of a person. SWINV, SWQTA.';
