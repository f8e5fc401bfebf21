-- How well a listing answers, in millionths, so that a page can go on after an exact number. `tier` says where all the
-- words are: in the 'title', 'anywhere', or only 'some' of them; its first number is above what the next can add up to.
-- Within one, the rarer the words found and the better the place (title, tags and category, description) the higher; then
-- the query as a phrase in the title, and a short title. Written out for each thing asked for: as a function of arrays it
-- cost ten times as much a listing. What a tier says already is not asked again: reading `document` costs most.
create or replace function score_sql(tier text, segments integer) returns text
language sql immutable
set search_path = public, pg_temp
as $$
  select format('(1000000 * (%s%s + 0.5 / (4 + length(ps.title))))::integer',
    case tier when 'title' then '2.6 + 0.3 * (ps.title @@ $12)::integer' when 'anywhere' then '2' else '0' end,
    string_agg(format(
      case tier
        when 'title' then ' + $5[%1$s] * case when ps.title @@ $3[%1$s] then 1.0 else 0.9 end'
        else ' + $5[%1$s] * case when ps.title @@ $3[%1$s] then 1.0 when ps.title @@ $4[%1$s] then 0.9'
          || ' when ps.labels @@ $3[%1$s] then 0.6 when ps.labels @@ $4[%1$s] then 0.5'
          || case tier when 'anywhere' then ' else 0.2 end' else ' when ps.document @@ $4[%1$s] then 0.2 else 0 end' end
      end, i
    ), '' order by i)
  )
  from generate_series(1, segments) i
$$;
comment on function score_sql(text, integer) is 'The expression that scores a listing of this tier for a query that asks for so many things.';
