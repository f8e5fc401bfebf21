-- Triggers call this function once for each statement. The relay reads the rows and invalidates caches and the search index a
-- fraction of a second later, even if the caller dies. The setting `stallwright.stale_keys` serves the caller itself: every
-- routine() of src/platform/db reads it after its function and invalidates the cache before it responds. The setting ends with
-- the transaction. The setting becomes `*` (everything is stale) if the list would become too long, as in a mass update.
-- More than 5000 keys become `*`, too. A row names at most 1000 listings, so that the relay works in small steps.
create or replace function note_changes(
  keys text[], product_ids bigint[] default '{}', stock_ids bigint[] default '{}', sales_shop_ids bigint[] default '{}'
) returns void
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_known text := coalesce(current_setting('stallwright.stale_keys', true), '');
  v_most integer := greatest(cardinality(product_ids), cardinality(stock_ids), cardinality(sales_shop_ids));
begin
  if cardinality(keys) = 0 then
    return;
  end if;
  if cardinality(keys) > 5000 then
    keys := '{*}';
  end if;
  insert into changes (keys, product_ids, stock_ids, sales_shop_ids)
  values (note_changes.keys, product_ids[:1000], stock_ids[:1000], sales_shop_ids[:1000]);
  if v_most > 1000 then
    insert into changes (keys, product_ids, stock_ids, sales_shop_ids)
    select '{}', product_ids[n:n + 999], stock_ids[n:n + 999], sales_shop_ids[n:n + 999]
    from generate_series(1001, v_most, 1000) n;
  end if;
  if v_known <> '*' then
    v_known := set_config(
      'stallwright.stale_keys',
      case when cardinality(keys) > 500 or char_length(v_known) > 10000 then '*'
        else concat_ws(' ', nullif(v_known, ''), array_to_string(keys, ' ')) end,
      true
    );
  end if;
end;
$$;
comment on function note_changes(text[], bigint[], bigint[], bigint[]) is
  'Writes what a statement made stale into the table changes and into the setting of this transaction.';
