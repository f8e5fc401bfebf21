-- A sale changes none of these columns, so the trigger does not run for it.
create or replace function tg_products__index_updated() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  perform index_products(array[new.id]);
  return null;
end;
$$;
comment on function tg_products__index_updated() is 'Indexes a changed listing for search, and takes an archived one out.';

create or replace trigger products__index_updated after update of title, description, tags, category_id, archived_at on products
  for each row when (
    (old.title, old.description, old.tags, old.category_id, old.archived_at is null)
    is distinct from (new.title, new.description, new.tags, new.category_id, new.archived_at is null)
  )
  execute function tg_products__index_updated();
