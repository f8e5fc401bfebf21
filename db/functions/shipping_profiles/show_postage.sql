-- A cart with one unit of the listing, which may be sold out. country: where it goes, null for the world. variant_id: its
-- processing days count, null for those of the listing.
create or replace function show_postage(product_id bigint, country text, variant_id bigint default null)
returns table (body json)
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_product products;
  v_variant variants;
begin
  perform check_address(jsonb_build_object('country', show_postage.country), path => '');
  select p.* into v_product from products p where p.id = show_postage.product_id and p.archived_at is null;
  if not found then
    return;
  elsif show_postage.variant_id is not null then
    v_variant := chosen_variant(v_product, show_postage.variant_id);
  end if;
  return query
    with line as (
      select v_product.shop_id, v_product.id as product_id, 1 as quantity, v_product.price, r.rate,
        delivery_day(
          s, coalesce(pp.days_min, (s.shipping ->> 'processing_days_min')::integer), (r.rate ->> 'days_min')::integer
        ) as delivery_from,
        delivery_day(
          s, coalesce(pp.days_max, (s.shipping ->> 'processing_days_max')::integer), (r.rate ->> 'days_max')::integer
        ) as delivery_to
      from shops s
      left join processing_profiles pp on pp.id = coalesce(v_variant.processing_profile_id, v_product.processing_profile_id)
      cross join lateral (select product_rate(v_product, s, show_postage.country) as rate offset 0) r
      where s.id = v_product.shop_id
    )
    select json_build_object(
      'product_id', l.product_id, 'country', show_postage.country, 'is_shippable', l.rate is not null,
      'shipping', q.shipping::text, 'per_extra_item', (l.rate ->> 'per_extra_item')::numeric(10, 2)::text,
      'delivery', delivery_json(q.delivery_from, q.delivery_to)
    )
    from line l
    left join lateral quote_lines(jsonb_build_array(to_jsonb(l))) q on q.shop_id is not null and l.rate is not null;
end;
$$;
comment on function show_postage(bigint, text, bigint) is
  'Returns the postage and the estimated delivery of one unit of a listing to a country; no row without the listing. SWINV: an '
  'unknown country. SWVUN: it is not a variant of the listing.';
