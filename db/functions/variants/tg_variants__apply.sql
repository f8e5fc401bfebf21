create or replace function tg_variants__apply() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_product_ids constant bigint[] := array(select c.product_id from changed c group by c.product_id order by c.product_id);
begin
  if cardinality(v_product_ids) = 0 then
    return null;
  end if;
  if tg_op = 'INSERT' then
    if exists (select from changed c join products p on p.id = c.product_id where p.shop_id <> c.shop_id) then
      raise exception using errcode = 'SWINV', message = 'A variant belongs to the shop of its listing.';
    end if;
    perform check_variant_values(v_product_ids);
  end if;
  perform apply_variants(v_product_ids);
  -- In place of a foreign key of order_items. The listings are locked now, so no sale goes on.
  if tg_op = 'DELETE' and exists (
    select from changed c join order_items i on i.product_id = c.product_id and i.variant_id = c.id
  ) then
    raise exception using errcode = 'SWAPP', message = 'Orders name the variant. Archive it instead.';
  elsif tg_op = 'INSERT' then
    -- Locks the skus of the shop, so it comes last.
    perform check_skus(array_agg(c.shop_id), array_agg(c.sku)) from changed c where c.sku is not null having count(*) > 0;
  end if;
  -- The search index holds the options of a listing.
  perform note_changes(array(select 'product:' || id from unnest(v_product_ids) id), v_product_ids);
  return null;
end;
$$;
comment on function tg_variants__apply() is
  'Checks new variants, brings their listings in step with new and deleted variants, and writes them into changes. SWINV, SWSKU, '
  'SWHLD. SWAPP: a sold variant is not deleted.';

create or replace trigger variants__apply_inserted after insert on variants
  referencing new table as changed for each statement execute function tg_variants__apply();
create or replace trigger variants__apply_deleted after delete on variants
  referencing old table as changed for each statement execute function tg_variants__apply();
