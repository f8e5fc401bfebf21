create or replace function show_shop_payout(shop_id bigint, user_id bigint, payout_id bigint) returns table (body json)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  perform check_shop_owner(show_shop_payout.shop_id, show_shop_payout.user_id);
  return query
    select payout_json(p) from payouts p where p.id = show_shop_payout.payout_id and p.shop_id = show_shop_payout.shop_id;
  if not found then
    raise exception using errcode = 'SWNTF', message = 'There is no such payout.';
  end if;
end;
$$;
comment on function show_shop_payout(bigint, bigint, bigint) is 'Returns a payout of a shop for its owner. SWNTF, SWOWN.';
