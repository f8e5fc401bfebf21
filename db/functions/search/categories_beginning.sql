create or replace function categories_beginning(q text) returns table (phrase text)
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return query
    select distinct lower(c.name)
    from categories c
    where starts_with(lower(c.name), lower(trim(q))) and trim(q) <> ''
      and exists (select from products p where p.category_id = c.id and p.quantity > 0 and p.archived_at is null)
    order by lower(c.name)
    limit 2;
end;
$$;
comment on function categories_beginning(text) is 'Names of categories with stock that begin like a query.';
