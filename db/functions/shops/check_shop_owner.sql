-- Shops are public, so another user gets SWOWN and not SWNTF.
create or replace function check_shop_owner(shop_id bigint, user_id bigint) returns void
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_owner_id bigint;
begin
  select s.owner_id into v_owner_id from shops s where s.id = check_shop_owner.shop_id;
  if v_owner_id is null then
    raise exception using errcode = 'SWNTF', message = 'There is no such shop.';
  elsif v_owner_id <> check_shop_owner.user_id then
    raise exception using errcode = 'SWOWN', message = 'Only the owner of the shop may do this.';
  end if;
end;
$$;
comment on function check_shop_owner(bigint, bigint) is 'Raises an error unless the user owns the shop. SWNTF, SWOWN.';
