-- Returns the first reason that applies. held_by_others is the quantity that the function of this name returns.
-- No search_path: inlined.
create or replace function unavailable_reason(
  product products, shop shops, user_id bigint, wanted bigint, held_by_others bigint
)
returns text
language sql immutable
as $$
  select case
    when product.archived_at is not null then 'archived'
    when shop.owner_id = user_id then 'own_item'
    when shop.is_on_vacation then 'shop_on_vacation'
    when product.quantity = 0 then 'sold_out'
    when product.quantity < wanted then 'insufficient_stock'
    when product.quantity - held_by_others < wanted then 'item_reserved'
  end
$$;
comment on function unavailable_reason(products, shops, bigint, bigint, bigint) is
  'Returns the reason why a buyer cannot order `wanted` units of a product now, or null.';
