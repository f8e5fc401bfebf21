-- The statement of search_products, put together from fixed pieces: which filters and order are asked for decides which
-- pieces, and not a letter of what a user typed is among them. Written out for every combination it would be 64
-- statements; as one with "or $7 is null" no index would serve it.
-- Parameters: $1 what matches, $2 all terms, $3 own, $4 wide, $5 weights, $6 category ids, $7 price from, $8 price to,
-- $9 is_vintage, $10 the key to go on after, $11 page size, $12 the query as a phrase.
-- Every set is cut off at 10,001, which bounds the cost of common words: totals and facets are exact below that.
create or replace function search_page_sql(
  has_words boolean, has_category boolean, has_price_min boolean, has_price_max boolean, has_vintage boolean,
  has_after boolean, sort text, segments integer
)
returns text
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_from text := case when has_words then 'product_search ps join products p on p.id = ps.product_id' else 'products p' end
    || ' where p.quantity > 0 and p.archived_at is null'
    -- A hashed subplan: the few shops on vacation are read once, not once a row.
    || ' and p.shop_id not in (select s.id from shops s where s.is_on_vacation)';
  v_match text := case when has_words then ' and ps.document @@ $1' else '' end;
  v_category text := case when has_category then ' and p.category_id = any($6)' else '' end;
  v_price text := case when has_price_min then ' and p.price >= $7' else '' end || case when has_price_max then ' and p.price <= $8' else '' end;
  v_vintage text := case when has_vintage then ' and p.is_vintage = $9' else '' end;
  v_filters text := v_category || v_price || v_vintage;
  v_is_ranked boolean := has_words and sort = 'relevance';
  v_key text := case when v_is_ranked then 'p.score' when sort in ('price_asc', 'price_desc') then 'p.price' else 'p.created_at' end;
  v_direction text := case when sort = 'price_asc' then '' else ' desc' end;
  v_after text := case when has_after then format(
    ' and (%s, p.id) %s (($10 ->> 1)::%s, ($10 ->> 2)::bigint)', v_key, case when sort = 'price_asc' then '>' else '<' end,
    case v_key when 'p.score' then 'integer' when 'p.price' then 'numeric' else 'timestamptz' end
  ) else '' end;
  v_page text := format('%s order by %s%s, p.id%s limit $11 + 1', v_after, v_key, v_direction, v_direction);
  v_columns text := 'p.id, p.category_id, p.price, p.is_vintage, p.created_at';
  v_pool text;
begin
  -- Where more than 10,001 match, those with everything in the title are collected first, those with some words last.
  v_pool := case when v_is_ranked then
    format('select * from (select %s, %s as score from %s and ps.title @@ $2%s', v_columns, score_sql(2.6, segments), v_from, v_filters)
    || format(' union all select %s, %s from %s and ps.document @@ $2 and not ps.title @@ $2%s', v_columns, score_sql(2, segments), v_from, v_filters)
    || format(' union all select %s, %s from %s and $1 <> $2%s and not ps.document @@ $2%s) ranked limit 10001', v_columns, score_sql(0, segments), v_from, v_match, v_filters)
  else
    format('select %s from %s%s%s limit 10001', v_columns, v_from, v_match, v_filters)
  end;
  -- A whole pool holds every page. Of a cut one, only the index of the order itself knows what comes next.
  return 'with pool as materialized (' || v_pool || '), page as materialized ('
    || case when v_is_ranked then format('select p.id, p.score as sort_key from pool p where true%s', v_page)
      else format('(select p.id, %s as sort_key from pool p where (select count(*) from pool) <= 10000%s) union all ', v_key, v_page)
        || format('(select p.id, %s from %s%s%s and (select count(*) from pool) > 10000%s)', v_key, v_from, v_match, v_filters, v_page)
      end
    || '), '
    || 'shown as materialized (select g.id, g.sort_key, row_number() over () as position, count(*) over () as found from page g limit $11) '
    || 'select (select coalesce(json_agg(product_json(p, s) order by h.position), ''[]'') from shown h join products p on p.id = h.id join shops s on s.id = p.shop_id), '
    || format('(select jsonb_build_array(%L, h.sort_key, h.id) from shown h where h.found > $11 order by h.position desc limit 1), ', sort)
    || '(select count(*)::integer from pool), '
    || 'facets_json('
    || '(select json_agg(f) from (select category_id, count(*) from ' || facet_pool(has_category, v_from || v_match || v_price || v_vintage) || ' group by category_id) f), '
    || '(select json_object_agg(f.key, f.count) from (select r.key, count(*) from ' || facet_pool(has_price_min or has_price_max, v_from || v_match || v_category || v_vintage)
    || ' join price_ranges() r on (r.from_price is null or o.price >= r.from_price) and (r.to_price is null or o.price < r.to_price) group by r.key) f), '
    || '(select json_object_agg(f.is_vintage, f.count) from (select is_vintage, count(*) from ' || facet_pool(has_vintage, v_from || v_match || v_category || v_price) || ' group by is_vintage) f))';
end;
$$;
comment on function search_page_sql(boolean, boolean, boolean, boolean, boolean, boolean, text, integer) is
  'The statement that search_products runs for these filters and this order.';
