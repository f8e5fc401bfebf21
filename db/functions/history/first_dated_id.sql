-- What was made at a moment or later has this id or a higher one: so a range of time reads the partitions of its months alone. In the
-- month in which ids began to carry theirs, and before it, any id may be of that time.
create or replace function first_dated_id(at timestamptz) returns bigint
language sql stable strict
set search_path = public, pg_temp
as $$
  select case when date_trunc('month', at at time zone 'UTC') > (select d.since from dated_ids d) then dated_id_month(at) * 1000000000 else 0 end
$$;
comment on function first_dated_id(timestamptz) is 'The lowest id that a checkout or an order of this moment or later can have.';
