-- Locks: the owner, so that one address stays the default.
create or replace function find_address(address_id bigint, user_id bigint) returns addresses
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_address addresses;
begin
  perform lock_buyer(user_id);
  select a.* into v_address from addresses a
  where a.id = find_address.address_id and a.user_id = find_address.user_id;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such address.';
  end if;
  return v_address;
end;
$$;
comment on function find_address(bigint, bigint) is 'Locks a person and returns one of their addresses. SWNTF.';
