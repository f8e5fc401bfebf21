-- Null, without a look-up, for a listing whose shop has nothing but its shipping.
create or replace function rates_to_keep(product products, shop shops) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  if product.shipping_profile_id is null and not shop.has_rates then
    return null;
  end if;
  return (
    select jsonb_object_agg(r.destination, jsonb_build_object('base', r.base, 'per_extra_item', r.per_extra_item))
    from shipping_profiles sp cross join profile_rates(sp) r
    where sp.shop_id = shop.id
      and case when product.shipping_profile_id is null then sp.is_default else sp.id = product.shipping_profile_id end
  );
end;
$$;
comment on function rates_to_keep(products, shops) is 'Returns the rates of a listing for cart_items.rates_when_added.';
