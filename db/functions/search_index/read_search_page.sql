-- Assigns the revision before it reads the listings, in a separate statement. A document with a higher revision was read later.
create or replace function read_search_page(after_id bigint, page_size integer)
returns table (revision bigint, id bigint, document json)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_revision bigint := nextval('search_revisions');
begin
  return query
    select v_revision, d.id, d.document
    from search_documents(array(
      select p.id from products p where p.id > after_id and p.archived_at is null order by p.id limit page_size
    )) d
    order by d.id;
end;
$$;
comment on function read_search_page(bigint, integer) is
  'The documents of the listings after this id, for an index that is being built.';
