-- What becomes stale when a listing changes, such as its price: its page, the list of its shop, and what the search index holds
-- of it. tg_products__index_facts and tg_products__index_updated keep PostgreSQL's own search index.
create or replace function tg_products__note_updated() returns trigger
language plpgsql volatile
set search_path = public, pg_temp
as $$
declare
  v_keys text[] := array['product:' || new.id, 'shop:' || new.shop_id || ':products'];
  v_stock_changed boolean := old.quantity <> new.quantity;
  v_document_changed boolean :=
    (old.title, old.description, old.tags, old.category_id, old.price, old.is_vintage, old.created_at, old.archived_at is null)
    is distinct from
    (new.title, new.description, new.tags, new.category_id, new.price, new.is_vintage, new.created_at, new.archived_at is null);
begin
  if (old.archived_at is null) <> (new.archived_at is null) then
    v_keys := v_keys || ('shop:' || new.shop_id);
  end if;
  perform note_changes(
    v_keys,
    case when v_document_changed or v_stock_changed then array[new.id] else '{}' end,
    not v_document_changed
  );
  return null;
end;
$$;
comment on function tg_products__note_updated() is
  'Writes a changed listing into changes: its page, its shop''s list, and what of it the search index holds.';

create or replace trigger products__note_updated after update on products
  for each row execute function tg_products__note_updated();
