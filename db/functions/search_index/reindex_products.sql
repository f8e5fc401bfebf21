-- Indexes a page of listings, including archived ones, because a deploy can change what index_products writes. Locks the listings
-- first and by id, like every function that changes them, so that two writers of product_search never deadlock.
create or replace function reindex_products(after_id bigint, page_size integer) returns table (last_id bigint, listings integer)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_ids bigint[];
begin
  v_ids := array(select p.id from products p where p.id > after_id order by p.id limit page_size for no key update);
  perform index_products(v_ids);
  last_id := v_ids[cardinality(v_ids)];
  listings := (select count(*) from products p where p.id = any(v_ids) and p.archived_at is null);
  return next;
end;
$$;
comment on function reindex_products(bigint, integer) is
  'Brings PostgreSQL''s own search index in step with the listings after this id; returns the last id, or null after '
  'the last listing.';
