create or replace function segments_json(tokens text[]) returns jsonb
language plpgsql stable
set search_path = public, pg_temp
as $$
begin
  return (
    select coalesce(jsonb_agg(jsonb_build_object('phrases', s.phrases, 'weight', round((s.weight / s.total)::numeric, 4))), '[]')
    from (select g.phrases, g.weight, sum(g.weight) over () as total from search_segments(tokens) g) s
  );
end;
$$;
comment on function segments_json(text[]) is 'The segments of a query for Elasticsearch: phrases, and weights that add up to 1.';
