-- Returns no row for an archived listing.
create or replace function search_facts(product_ids bigint[]) returns table (id bigint, document json)
language sql stable
set search_path = public, pg_temp
as $$
  select p.id, json_build_object(
    'quantity', p.quantity,
    'options', o.options,
    'option_keys', o.option_keys,
    'shop_rating', s.rating,
    'shop_sales_count', s.sales_count,
    'static_boost', static_boost(p.title, s.rating, s.sales_count)
  )
  from products p
  join shops s on s.id = p.shop_id
  left join listing_options(product_ids) o on o.product_id = p.id
  where p.id = any(product_ids) and p.archived_at is null
$$;
comment on function search_facts(bigint[]) is
  'The part of a document that changes with every sale: stock, values of variants in stock, and rating and sales of the shop.';
