-- A query with fewer than five searches from six days before to six days after can identify a person, so it is deleted after a
-- week. All rows are deleted after 90 days.
create or replace function forget_searches(batch_size integer default 1000) returns integer
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_queries integer;
  v_pairs integer;
begin
  delete from search_queries sq
  where (sq.day, sq.q) in (
    select old.day, old.q from search_queries old
    where old.day < current_date - 90
      or (old.day < current_date - 7 and 5 > (
        select sum(near.searches) from search_queries near where near.q = old.q and near.day between old.day - 6 and old.day + 6
      ))
    limit batch_size
  );
  get diagnostics v_queries = row_count;
  delete from search_reformulations sr
  where (sr.day, sr.from_q, sr.to_q) in (
    select old.day, old.from_q, old.to_q from search_reformulations old
    where old.day < current_date - 90
      or (old.day < current_date - 7 and 5 > (
        select sum(near.times) from search_reformulations near where near.from_q = old.from_q and near.to_q = old.to_q
      ))
    limit batch_size
  );
  get diagnostics v_pairs = row_count;
  return greatest(v_queries, v_pairs);
end;
$$;
comment on function forget_searches(integer) is
  'Deletes up to batch_size old and rare queries of the log, and as many pairs; returns the larger number.';
