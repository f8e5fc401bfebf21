-- The caches have heard of these, or could not: then one change is left in their place that makes everything stale, however
-- long it takes until they answer again. Settling one twice is nothing: of two relays that did, the later finds no row.
create or replace function settle_changes(ids bigint[], is_cache_told boolean) returns integer
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_settled integer;
begin
  delete from changes c where c.id = any(ids);
  get diagnostics v_settled = row_count;
  if not is_cache_told and not exists (select from changes c where c.keys = '{*}') then
    insert into changes (keys) values ('{*}');
  end if;
  return v_settled;
end;
$$;
comment on function settle_changes(bigint[], boolean) is 'Takes changes off the list that everybody has heard of; returns how many.';
