-- No lock: a vacation that begins at this moment finds the item in a cart, and the checkout, which locks the shop, refuses it.
create or replace function check_shop_open(shop_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  if exists (select from shops s where s.id = check_shop_open.shop_id and s.is_on_vacation) then
    raise exception using errcode = 'SWVAC', message = 'This shop is on vacation.',
      detail = json_build_object('success', false, 'shop_id', check_shop_open.shop_id);
  end if;
end;
$$;
comment on function check_shop_open(bigint) is 'Refuses what a shop on vacation does not sell. SWVAC.';
