create or replace function brief_sql(filters text, has_after boolean, words integer) returns text
language sql immutable
set search_path = public, pg_temp
as $$
  select format(
    'select t.id, t.key, row_number() over (order by t.key desc, t.id desc) as position from ('
    || 'select ps.product_id as id, %s as key from product_search ps join products p on p.id = ps.product_id join shops s on s.id = p.shop_id'
    || ' where ps.in_stock and ps.document @@ $1%s limit 10001) t%s order by t.key desc, t.id desc limit $11',
    brief_score_sql(words), filters,
    case when has_after then ' where (t.key, t.id) < (($10 ->> 0)::bigint, ($10 ->> 1)::bigint)' else '' end
  )
$$;
comment on function brief_sql(text, boolean, integer) is 'The part of a search statement that finds the candidates of the ranking "brief".';
