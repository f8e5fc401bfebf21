-- Triggers call this function once for each statement. The relay reads the rows and invalidates caches and the search index a
-- fraction of a second later, even if the caller dies. The setting `stallwright.stale_keys` serves the caller itself: every
-- routine() of src/platform/db reads it after its function and invalidates the cache before it responds. The setting ends with
-- the transaction. The setting becomes `*` (everything is stale) if the list would become too long, as in a mass update.
create or replace function note_changes(
  keys text[], product_ids bigint[] default '{}', is_stock_only boolean default false, sales_shop_id bigint default null
) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_known text := coalesce(current_setting('stallwright.stale_keys', true), '');
begin
  if cardinality(keys) = 0 then
    return;
  end if;
  insert into changes (keys, product_id, is_stock_only, sales_shop_id)
  values (note_changes.keys, product_ids[1], note_changes.is_stock_only, note_changes.sales_shop_id);
  if cardinality(product_ids) > 1 then
    insert into changes (keys, product_id, is_stock_only)
    select '{}', id, note_changes.is_stock_only from unnest(product_ids[2:]) id;
  end if;
  if v_known <> '*' then
    perform set_config(
      'stallwright.stale_keys',
      case when cardinality(keys) > 500 or char_length(v_known) > 10000 then '*'
        else concat_ws(' ', nullif(v_known, ''), array_to_string(keys, ' ')) end,
      true
    );
  end if;
end;
$$;
comment on function note_changes(text[], bigint[], boolean, bigint) is
  'Writes what a statement made stale into the table changes and into the setting of this transaction.';
