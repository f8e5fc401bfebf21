-- Takes no lock. If a vacation begins at this moment, the checkout, which locks the shop, rejects the item.
-- Raises SWOWI (the buyer owns the shop), SWVAC (on vacation, with detail.vacation_message).
create or replace function check_shop_sells(shop_id bigint, user_id bigint) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_shop record;
begin
  select s.owner_id, s.name, s.is_on_vacation, s.vacation_message into v_shop from shops s where s.id = check_shop_sells.shop_id;
  if v_shop.owner_id = check_shop_sells.user_id then
    raise exception using errcode = 'SWOWI', message = 'This item is from your own shop.',
      detail = json_build_object('success', false, 'shop_id', check_shop_sells.shop_id);
  elsif v_shop.is_on_vacation then
    raise exception using errcode = 'SWVAC', message = format('The shop "%s" is on vacation.', v_shop.name),
      detail = json_strip_nulls(json_build_object(
        'success', false, 'shop_id', check_shop_sells.shop_id, 'vacation_message', v_shop.vacation_message
      ));
  end if;
end;
$$;
comment on function check_shop_sells(bigint, bigint) is
  'Rejects a purchase by the owner of the shop, or during its vacation. SWOWI, SWVAC.';
