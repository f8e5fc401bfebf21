-- Retires pictures that no listing, archived ones included, and no shop shows a day after their upload. The caller deletes their
-- files and calls forget_picture. Also returns those that an earlier run did not finish. Skips locked rows.
create or replace function retire_pictures(batch_size integer default 1000) returns table (id bigint, key text)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  with shown as materialized (
    select distinct substring(shown_urls.url from '/pictures/(\d{1,18})-[0-9a-f]{32}/')::bigint as id
    from (
      select unnest(p.images) as url from products p
      union all
      select unnest(v.images) from variants v where v.archived_at is null
      union all
      select unnest(array[s.banner, s.logo]) from shops s
    ) shown_urls
    where shown_urls.url like '%/pictures/%'
  ),
  unused as (
    select p.id from pictures p
    where p.removed_at is null
      and p.uploaded_at < now() - interval '1 day'
      and not exists (select from shown s where s.id = p.id)
    order by p.id
    limit batch_size
    for update skip locked
  )
  update pictures p set removed_at = clock_timestamp() from unused u where p.id = u.id;
  return query
    select p.id, picture_key(p) from pictures p where p.removed_at is not null order by p.id limit batch_size;
end;
$$;
comment on function retire_pictures(integer) is
  'Hides pictures that nothing has shown for a day, and returns all pictures whose files must be deleted.';
