-- changes: the changed fields. Null clears line2, region or postal_code.
create or replace function change_address(address_id bigint, user_id bigint, changes jsonb) returns table (body json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_before constant addresses := find_address(address_id, user_id);
  v_after constant addresses := jsonb_populate_record(v_before, changes);
begin
  perform check_address(to_jsonb(v_after), requires_postal_code => true, path => '');
  if v_before.is_default and not v_after.is_default then
    raise exception using errcode = 'SWINV', message = 'This is the default address. Make another address the default instead.',
      detail = '{"field": "is_default"}';
  elsif v_after.is_default and not v_before.is_default then
    update addresses a set is_default = false where a.user_id = change_address.user_id and a.is_default;
  end if;
  return query
    update addresses a
    set name = v_after.name, line1 = v_after.line1, line2 = v_after.line2, city = v_after.city, region = v_after.region,
      postal_code = v_after.postal_code, country = v_after.country, is_default = v_after.is_default
    where a.id = v_before.id
    returning address_json(a);
end;
$$;
comment on function change_address(bigint, bigint, jsonb) is
  'Changes an address for its owner. The new default takes the place of the old one. SWNTF, SWINV.';
