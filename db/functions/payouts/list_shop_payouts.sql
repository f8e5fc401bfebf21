-- A function instead of a query, because a stranger gets SWOWN instead of an empty list.
create or replace function list_shop_payouts(shop_id bigint, user_id bigint, after jsonb, page_size integer)
returns table (item json, cursor json)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  perform check_shop_owner(list_shop_payouts.shop_id, list_shop_payouts.user_id);
  return query
    select payout_json(p), json_build_array(p.id)
    from payouts p
    where p.shop_id = list_shop_payouts.shop_id and (after is null or p.id < (after ->> 0)::bigint)
    order by p.id desc
    limit page_size;
end;
$$;
comment on function list_shop_payouts(bigint, bigint, jsonb, integer) is
  'Returns the payouts of a shop for its owner, newest first. SWNTF, SWOWN.';
