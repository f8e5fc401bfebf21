-- Rows that changed since they were taken stay, as old as this moment. So do those that somebody is changing: they need not
-- be waited for.
create or replace function settle_search_changes(product_ids bigint[], versions bigint[]) returns integer
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_settled integer;
begin
  with written as (
    select * from unnest(product_ids, versions) w (product_id, version)
  ),
  held as (
    select sc.product_id from search_changes sc where sc.product_id = any(product_ids) order by sc.product_id for update skip locked
  ),
  moved as (
    update search_changes sc set queued_at = clock_timestamp()
    from written w join held h on h.product_id = w.product_id
    where sc.product_id = w.product_id and sc.version <> w.version
  ),
  settled as (
    delete from search_changes sc using written w join held h on h.product_id = w.product_id
    where sc.product_id = w.product_id and sc.version = w.version
    returning sc.product_id
  )
  select count(*) into v_settled from settled;
  return v_settled;
end;
$$;
comment on function settle_search_changes(bigint[], bigint[]) is
  'Takes off what the search index shows by now, unless it has changed again; returns how many.';
