-- No search_path: inlined. The planner estimates `between` for any value as a narrow range, and would rather walk a whole month
-- by id than look up a checkout. It estimates `<= any` by itself, and prunes partitions by it as well.
create or replace function is_id_between(id bigint, first_id bigint, last_id bigint) returns boolean
language sql immutable
as $$
  select id >= first_id and id <= any (array[last_id])
$$;
comment on function is_id_between(bigint, bigint, bigint) is
  'Whether an id lies in a range. A query asks this to read the partitions of the range alone.';
