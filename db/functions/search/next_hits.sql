-- `from` moves past everything before the first pending candidate, so that `shown` stays short.
create or replace function next_hits(candidates jsonb, state jsonb, page_ids bigint[], first_pending integer) returns jsonb
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  return (
    with passed as (
      select coalesce(first_pending, jsonb_array_length(candidates) + 1) - 1 as count
    ),
    shown as (
      select s.id::bigint as id from jsonb_array_elements_text(state -> 'shown') s (id)
      union
      select i.id from unnest(page_ids) i (id)
    ),
    behind as (
      select (c.hit ->> 0)::bigint as id
      from jsonb_array_elements(candidates) with ordinality c (hit, position), passed
      where c.position <= passed.count
    )
    select jsonb_build_object(
      'from', case when passed.count > 0
        then jsonb_build_array(candidates -> (passed.count - 1) -> 1, candidates -> (passed.count - 1) -> 0)
        else state -> 'from' end,
      'passed', coalesce((state ->> 'passed')::integer, 0) + passed.count,
      'shown', (select coalesce(jsonb_agg(s.id order by s.id), '[]') from shown s where s.id not in (select b.id from behind b))
    )
    from passed
  );
end;
$$;
comment on function next_hits(jsonb, jsonb, bigint[], integer) is
  'The state of a walk through search results, after a page of them.';
