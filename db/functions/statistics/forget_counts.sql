-- shop_statistics keeps the sums of the daily counts. Only popularity reads the counts again, those of two weeks. Counts that are
-- not in the statistics yet stay. The statistics of deleted days cannot be computed again, so do not empty statistics_days.
create or replace function forget_counts(batch_size integer default 1000) returns integer
language plpgsql volatile security definer
set search_path = public, pg_temp
set timezone = 'UTC'
as $$
declare
  v_before date;
  v_views integer;
  v_additions integer;
begin
  select least(max(sd.day) - 2, current_date - 90) into v_before from statistics_days sd having max(sd.day) is not null;
  delete from product_views pv
  where (pv.product_id, pv.viewed_on) in (
    select old.product_id, old.viewed_on from product_views old
    where old.viewed_on < v_before
    order by old.viewed_on
    limit batch_size
  );
  get diagnostics v_views = row_count;
  delete from cart_additions ca
  where (ca.product_id, ca.added_on) in (
    select old.product_id, old.added_on from cart_additions old
    where old.added_on < v_before
    order by old.added_on
    limit batch_size
  );
  get diagnostics v_additions = row_count;
  return greatest(v_views, v_additions);
end;
$$;
comment on function forget_counts(integer) is
  'Deletes up to batch_size daily counts of page views, and of cart lines, that are 90 days old and in the statistics. '
  'Returns the larger number.';
