-- Returns the first reason that applies. variant: the variant of the line, a null row without one. held_by_others is the quantity
-- that the function of this name returns. No search_path: inlined.
create or replace function unavailable_reason(
  product products, variant variants, shop shops, user_id bigint, wanted bigint, held_by_others bigint,
  personalization text
)
returns text
language sql stable
as $$
  select case
    when product.archived_at is not null then 'archived'
    when shop.owner_id = user_id then 'own_item'
    when is_away(shop, (now() at time zone 'UTC')::date) then 'shop_on_vacation'
    -- Only a listing without variants sells without one. A variant that is there has an id.
    when variant.archived_at is not null or product.has_variants and variant.id is null then 'variant_gone'
    when variant_stock(variant, product) = 0 then 'sold_out'
    when variant_stock(variant, product) < wanted then 'insufficient_stock'
    when variant_stock(variant, product) - held_by_others < wanted then 'item_reserved'
    when not takes_personalization(product, unavailable_reason.personalization) then 'personalization_required'
  end
$$;
comment on function unavailable_reason(products, variants, shops, bigint, bigint, bigint, text) is
  'Returns the reason why a buyer cannot order `wanted` units of a product, or of a variant, with this text, now, or null.';
