-- A product's page and the list of a shop show the shop's name, rating, vacation and processing days, and the vacation's message
-- while it lasts.
create or replace function tg_shops__note_updated() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_keys text[];
  v_sales_shop_ids bigint[];
begin
  with changed as materialized (
    select n.id, (o.rating, o.sales_count) is distinct from (n.rating, n.sales_count) as is_reranked,
      (
        o.name, o.rating, o.is_on_vacation, case when o.is_on_vacation then o.vacation_message end,
        o.shipping -> 'processing_days_min', o.shipping -> 'processing_days_max'
      ) is distinct from (
        n.name, n.rating, n.is_on_vacation, case when n.is_on_vacation then n.vacation_message end,
        n.shipping -> 'processing_days_min', n.shipping -> 'processing_days_max'
      ) as is_seen_on_listings
    from old_rows o join new_rows n on n.id = o.id
  )
  select
    array(
      select 'shop:' || c.id from changed c
      union all
      select 'shop:' || c.id || ':products' from changed c where c.is_seen_on_listings
      union all
      select 'product:' || p.id from changed c join products p on p.shop_id = c.id
      where c.is_seen_on_listings and p.archived_at is null
    ),
    array(select c.id from changed c where c.is_reranked order by c.id)
  into v_keys, v_sales_shop_ids;
  perform note_changes(v_keys, sales_shop_ids => v_sales_shop_ids);
  return null;
end;
$$;
comment on function tg_shops__note_updated() is
  'Writes changed shops into changes: their pages, their listings where they show the shop, and their rating and sales.';

create or replace trigger shops__note_updated after update on shops
  referencing old table as old_rows new table as new_rows for each statement execute function tg_shops__note_updated();
