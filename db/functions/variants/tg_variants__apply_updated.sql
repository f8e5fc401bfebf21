-- A sale changes only quantities, so it costs the sums and no check. tg_products__note_updated writes the listing into changes, but
-- not for the search index when the sum stays: so a variant that sells out or comes back is written here.
-- No buyer sees an archived variant, so a change of one does not touch its listing. A buyer who holds a variant gets what was
-- chosen: while the hold lives, this trigger refuses other values to the API, to an import and to plain SQL.
create or replace function tg_variants__apply_updated() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_product_ids constant bigint[] := array(
    select n.product_id from old_rows o join new_rows n on n.id = o.id
    where o.archived_at is null or n.archived_at is null
    group by n.product_id order by n.product_id
  );
  v_rewritten_ids bigint[];
  v_restocked_ids bigint[];
begin
  if exists (select from old_rows o join new_rows n on n.id = o.id where (o.product_id, o.shop_id) <> (n.product_id, n.shop_id)) then
    raise exception using errcode = 'SWAPP', message = 'A variant stays with its listing.';
  end if;
  if cardinality(v_product_ids) = 0 then
    return null;
  end if;
  v_rewritten_ids := array(
    select n.product_id from old_rows o join new_rows n on n.id = o.id
    where (o.archived_at is null or n.archived_at is null)
      and (o.option_values, o.sku, o.price, o.images, o.archived_at) is distinct from
        (n.option_values, n.sku, n.price, n.images, n.archived_at)
    group by n.product_id order by n.product_id
  );
  v_restocked_ids := array(
    select n.product_id from old_rows o join new_rows n on n.id = o.id
    where coalesce(o.quantity > 0, true) <> coalesce(n.quantity > 0, true)
    group by n.product_id order by n.product_id
  );
  if cardinality(v_rewritten_ids) > 0 then
    perform check_variant_values(v_rewritten_ids);
  end if;
  perform apply_variants(v_product_ids);
  if cardinality(v_rewritten_ids) > 0 then
    perform refuse_held(n.product_id, n.id)
    from old_rows o join new_rows n on n.id = o.id
    where o.archived_at is null and n.archived_at is null and o.option_values <> n.option_values;
    perform check_skus(array_agg(n.shop_id), array_agg(n.sku))
    from old_rows o join new_rows n on n.id = o.id
    where n.archived_at is null and n.sku is not null and (o.sku, o.archived_at) is distinct from (n.sku, n.archived_at)
    having count(*) > 0;
  end if;
  if cardinality(v_rewritten_ids || v_restocked_ids) > 0 then
    -- The search index holds the options of a listing, and which values are in stock.
    perform note_changes(
      array(select 'product:' || id from unnest(v_rewritten_ids || v_restocked_ids) id group by id),
      v_rewritten_ids, v_restocked_ids
    );
  end if;
  return null;
end;
$$;
comment on function tg_variants__apply_updated() is
  'Checks changed variants, brings their listings in step with them, and writes into changes those that are '
  'rewritten, sell out or come back. SWINV, SWSKU, SWHLD.';

create or replace trigger variants__apply_updated after update on variants
  referencing old table as old_rows new table as new_rows for each statement execute function tg_variants__apply_updated();
