-- All words in the title, all words somewhere, some words: no score of one tier reaches the next, so the later is only
-- read where the earlier does not fill the window. Most pages read titles alone.
create or replace function tiers_sql(filters text, has_after boolean, segments integer) returns text
language sql immutable
set search_path = public, pg_temp
as $$
  with pieces (tier, matching) as (
    values
      ('title', 'ps.title @@ $2'),
      ('anywhere', 'ps.document @@ $2 and not ps.title @@ $2 and (select count(*) from in_title) < $11'),
      ('some', '$1 <> $2 and ps.document @@ $1 and not ps.document @@ $2'
        || ' and (select count(*) from in_title) + (select count(*) from in_text) < $11')
  ),
  written as (
    select p.tier, format('(select * from (select ps.product_id as id, %s as key from product_search ps where ps.in_stock and %s%s limit 10001) t%s)',
      score_sql(p.tier, segments), p.matching, filters, case when has_after then ' where (t.key, t.id) < (($10 ->> 0)::integer, ($10 ->> 1)::bigint)' else '' end
    ) as rows
    from pieces p
  )
  select format(
    'with in_title as materialized %s, in_text as materialized %s, with_some as materialized %s'
    || ' select h.id, h.key, row_number() over (order by h.key desc, h.id desc) as position'
    || ' from (select * from in_title union all select * from in_text union all select * from with_some) h order by h.key desc, h.id desc limit $11',
    max(w.rows) filter (where w.tier = 'title'), max(w.rows) filter (where w.tier = 'anywhere'), max(w.rows) filter (where w.tier = 'some')
  )
  from written w
$$;
comment on function tiers_sql(text, boolean, integer) is 'The part of a search statement that finds the candidates of the ranking "tiered".';
