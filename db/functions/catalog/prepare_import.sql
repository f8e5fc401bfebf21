-- Runs in its own transaction before import_products, so that its locks end early.
-- If two concurrent calls create the same slug, the later one fails (23505), and its caller retries.
create or replace function prepare_import(rows jsonb) returns jsonb
language plpgsql volatile security definer
set search_path = public, pg_temp
set lock_timeout = '60s'
as $$
begin
  perform open_imported_shops(find_importer(), array(
    select r.value ->> 'shop' from jsonb_array_elements(rows) with ordinality r group by 1 order by min(r.ordinality)
  ));
  return (
    select jsonb_object_agg(paths.path, find_category(array(select jsonb_array_elements_text(paths.path::jsonb))))
    from (
      select r.value ->> 'category' as path from jsonb_array_elements(rows) with ordinality r
      group by 1
      order by min(r.ordinality)
    ) paths
  );
end;
$$;
comment on function prepare_import(jsonb) is
  'Opens the shops and creates the categories of the rows of a catalog. Returns the ids of the categories by path.';
