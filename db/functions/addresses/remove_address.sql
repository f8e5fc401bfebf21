create or replace function remove_address(address_id bigint, user_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_address constant addresses := find_address(address_id, user_id);
begin
  delete from addresses a where a.id = v_address.id;
  if v_address.is_default then
    update addresses a set is_default = true
    where a.id = (select max(other.id) from addresses other where other.user_id = remove_address.user_id);
  end if;
end;
$$;
comment on function remove_address(bigint, bigint) is
  'Removes an address for its owner. If it was the default, the newest address becomes the default. SWNTF.';
