-- Called by triggers, with what a statement changed. The rows are for the relay, which tells caches and the search index
-- within a fraction of a second, whatever happens to the caller. The setting is for the caller itself: a call that reads it
-- after its function (every routine() of src/platform/db does) knows what it made stale, and tells the cache before it answers.
-- The setting ends with the transaction. It becomes * ("more than is worth naming") rather than grow with each row of a mass
-- update.
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
comment on function note_changes(text[], bigint[], boolean, bigint) is 'Writes into changes, and into the transaction''s own list, what a statement made stale.';
