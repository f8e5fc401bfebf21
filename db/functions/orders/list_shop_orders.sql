-- A function and no plain query, because a stranger must hear 403, not see an empty list.
create or replace function list_shop_orders(shop_id bigint, user_id bigint, status text, after jsonb, page_size integer)
returns table (item json, cursor json)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  perform check_shop_owner(list_shop_orders.shop_id, list_shop_orders.user_id);
  return query
    select order_json(o), json_build_array(o.id)
    from orders o
    where o.shop_id = list_shop_orders.shop_id
      and (list_shop_orders.status is null or o.status = list_shop_orders.status)
      and (after is null or o.id < (after ->> 0)::bigint)
    order by o.id desc
    limit page_size;
end;
$$;
comment on function list_shop_orders(bigint, bigint, text, jsonb, integer) is 'A shop''s orders for its owner, newest first. SWNTF, SWOWN.';
