-- 250 ids are about ten pages, and the most that fits into a cursor. After them a list that changes engines repeats some hits.
create or replace function seen_hits(state jsonb, page_ids bigint[]) returns jsonb
language plpgsql immutable
set search_path = public, pg_temp
as $$
begin
  return (
    select coalesce(jsonb_agg(h.id order by h.position) filter (where h.position <= 250), '[]')
    from (
      select s.id::bigint as id, s.position from jsonb_array_elements_text(state -> 'seen') with ordinality s (id, position)
      union all
      select i.id, coalesce(jsonb_array_length(state -> 'seen'), 0) + i.position
      from unnest(page_ids) with ordinality i (id, position)
    ) h
  );
end;
$$;
comment on function seen_hits(jsonb, bigint[]) is
  'The ids that a walk through search results has shown, after a page of them: the first 250.';
