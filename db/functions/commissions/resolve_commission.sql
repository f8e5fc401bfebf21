-- The category of a rate includes those below it. The last rate fits every sale.
create or replace function resolve_commission(shop_id bigint, category_id bigint, sold_at timestamptz default now())
returns commission_rates
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_rate commission_rates;
begin
  select r.* into strict v_rate
  from commission_rates r
  where (r.shop_id is null or r.shop_id = resolve_commission.shop_id)
    and r.valid @> sold_at
    and (r.category_id is null or r.category_id = any (categories_above(resolve_commission.category_id)))
  order by r.position
  limit 1;
  return v_rate;
end;
$$;
comment on function resolve_commission(bigint, bigint, timestamptz) is
  'Returns the commission rate of a sale: the first one by position that fits the shop, the category and the time.';
