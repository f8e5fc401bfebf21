-- The one rule of who may see an order: a user with a side.
create or replace function order_sides(o orders, user_id bigint) returns text[]
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return array_remove(array[
    case when o.buyer_id = order_sides.user_id then 'buyer' end,
    case when exists (select from shops s where s.id = o.shop_id and s.owner_id = order_sides.user_id) then 'seller' end
  ], null);
end;
$$;
comment on function order_sides(orders, bigint) is
  'Returns the sides on which a user is in an order: buyer, seller, both, or an empty array.';
