-- No search_path: inlined. For unknown values, the planner estimates `between` as a narrow range, and would scan a whole month by
-- id instead of looking up a checkout. `<= any` has its own estimate and still prunes partitions.
create or replace function is_id_between(id bigint, first_id bigint, last_id bigint) returns boolean
language sql immutable
as $$
  select id >= first_id and id <= any (array[last_id])
$$;
comment on function is_id_between(bigint, bigint, bigint) is
  'Returns whether an id is in a range. A query with this condition reads only the partitions of the range.';
