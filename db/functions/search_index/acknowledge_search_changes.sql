-- Keeps rows that changed since they were taken, and sets their age to this moment. Also keeps rows that another transaction has
-- locked, because a wait for them is of no use.
create or replace function acknowledge_search_changes(product_ids bigint[], versions bigint[]) returns integer
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_acknowledged integer;
begin
  with held as materialized (
    select sc.product_id, sc.version from search_changes sc
    where sc.product_id = any(product_ids) order by sc.product_id for update skip locked
  ),
  compared as materialized (
    select h.product_id, h.version = w.version as is_written
    from held h join unnest(product_ids, versions) w (product_id, version) using (product_id)
  ),
  moved as (
    update search_changes sc set queued_at = clock_timestamp()
    where sc.product_id = any(array(select c.product_id from compared c where not c.is_written))
  ),
  acknowledged as (
    delete from search_changes sc
    where sc.product_id = any(array(select c.product_id from compared c where c.is_written))
    returning sc.product_id
  )
  select count(*) into v_acknowledged from acknowledged;
  return v_acknowledged;
end;
$$;
comment on function acknowledge_search_changes(bigint[], bigint[]) is
  'Deletes the changes that the search index shows by now, unless they have changed again; returns how many.';
