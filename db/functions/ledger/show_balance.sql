-- A shop without a sale has no row of balances. Its balances are 0.
create or replace function show_balance(shop_id bigint, user_id bigint) returns table (body json)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  perform check_shop_owner(show_balance.shop_id, show_balance.user_id);
  return query
    select json_build_object(
      'pending', coalesce(b.pending, 0.00)::text,
      'available', coalesce(b.available, 0.00)::text,
      'in_transit', coalesce(b.in_transit, 0.00)::text,
      'currency', 'USD'
    )
    from (select) one
    left join shop_balances b on b.shop_id = show_balance.shop_id;
end;
$$;
comment on function show_balance(bigint, bigint) is 'Returns the balances of a shop for its owner. SWNTF, SWOWN.';
