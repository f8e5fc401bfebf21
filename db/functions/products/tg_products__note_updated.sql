-- Records what becomes stale when listings change, such as their price: their pages, the lists of their shops, and what the
-- search index holds of them. tg_products__index_facts and tg_products__index_updated keep PostgreSQL's own search index.
create or replace function tg_products__note_updated() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_keys text[];
  v_product_ids bigint[];
  v_stock_ids bigint[];
begin
  with changed as materialized (
    select n.id, n.shop_id,
      (o.archived_at is null) <> (n.archived_at is null) as is_moved, o.quantity <> n.quantity as is_restocked,
      (o.title, o.description, o.tags, o.category_id, o.price, o.is_vintage, o.created_at, o.archived_at is null) is distinct from
      (n.title, n.description, n.tags, n.category_id, n.price, n.is_vintage, n.created_at, n.archived_at is null) as is_rewritten
    from old_rows o join new_rows n on n.id = o.id
  )
  select
    array(
      select 'product:' || c.id from changed c
      union all
      select 'shop:' || c.shop_id || ':products' from changed c group by c.shop_id
      union all
      select 'shop:' || c.shop_id from changed c where c.is_moved group by c.shop_id
    ),
    array(select c.id from changed c where c.is_rewritten order by c.id),
    array(select c.id from changed c where c.is_restocked and not c.is_rewritten order by c.id)
  into v_keys, v_product_ids, v_stock_ids;
  perform note_changes(v_keys, v_product_ids, v_stock_ids);
  return null;
end;
$$;
comment on function tg_products__note_updated() is
  'Writes changed listings into changes: their pages, their shops'' lists, and what of them the search index holds.';

create or replace trigger products__note_updated after update on products
  referencing old table as old_rows new table as new_rows for each statement execute function tg_products__note_updated();
