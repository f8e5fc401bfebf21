-- multi_match over title^3, description, tags^2 of the kind best_fields, a word spelt differently counting less, titles
-- and labels of usual length (10 and 12 words) as BM25 weighs them; times what the shop and the listing's age add up to:
-- sqrt(1.5 * rating, 3.0 where there is none) + log10(1 + 1.2 * sales) + gauss(30 days, 0.5). The age is in whole days:
-- a score must not move from one page to the next.
create or replace function brief_score_sql(words integer) returns text
language sql immutable
set search_path = public, pg_temp
as $$
  with fields (field, boost, usual_length) as (
    values ('title', 3, 10), ('labels', 2, 12), ('document', 1, null)
  ),
  sums as (
    select format('%s * (%s)%s', f.boost,
      (select string_agg(format('$5[%1$s] * case when ps.%2$I @@ $3[%1$s] then 1.0 when ps.%2$I @@ $4[%1$s] then 0.7 else 0 end', i, f.field), ' + ' order by i)
       from generate_series(1, words) i),
      case when f.usual_length is null then '' else format(' * 2.2 / (1.3 + 0.9 * length(ps.%I) / %s.0)', f.field, f.usual_length) end
    ) as points
    from fields f
  )
  select format(
    '(1000000.0 * greatest(%s) * (sqrt(1.5 * coalesce(s.rating, 3.0)) + log(1 + 1.2 * s.sales_count)'
    || ' + exp(ln(0.5) * (greatest(0, current_date - p.created_at::date) / 30.0) ^ 2)))::bigint',
    string_agg(s.points, ', ')
  )
  from sums s
$$;
comment on function brief_score_sql(integer) is 'The expression that scores a listing for a query of so many words, in the ranking "brief".';
