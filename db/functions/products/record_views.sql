-- The API counts views in memory and writes them in batches. Sorted, so that concurrent batches do not deadlock. Days are UTC.
create or replace function record_views(product_ids bigint[], counts integer[]) returns void
language sql volatile security definer
set search_path = public, pg_temp
set timezone = 'UTC'
as $$
  insert into product_views as pv (product_id, views)
  select viewed.product_id, sum(viewed.count)
  from unnest(record_views.product_ids, record_views.counts) as viewed (product_id, count)
  where exists (select from products p where p.id = viewed.product_id)
  group by viewed.product_id
  order by viewed.product_id
  on conflict (product_id, viewed_on) do update set views = pv.views + excluded.views
$$;
comment on function record_views(bigint[], integer[]) is 'Adds a batch of page views to today''s counts.';
