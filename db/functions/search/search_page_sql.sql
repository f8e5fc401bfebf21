-- The statement of search_products, put together from fixed pieces: which filters, order and ranking are asked for decides
-- which pieces, and not a letter of what a user typed is among them. Written out for every combination it would be more
-- than a hundred statements; as one with "or $7 is null" no index would serve it.
-- Parameters: $1 what matches, $2 all terms, $3 own, $4 wide, $5 weights, $6 category ids, $7 price from, $8 price to,
-- $9 is_vintage, $10 the key [key, id] to go on after, $11 how many candidates, $12 the query as a phrase.
-- Every set is cut off at 10,001, which bounds the cost of common words: totals and facets are exact below that. The pool
-- is only counted, so it reads no text; candidates come from tiers_sql.
create or replace function search_page_sql(
  has_words boolean, has_category boolean, has_price_min boolean, has_price_max boolean, has_vintage boolean,
  has_after boolean, sort text, segments integer, ranking text
)
returns text
language plpgsql immutable
set search_path = public, pg_temp
as $$
declare
  v_columns text := case when has_words then 'ps.product_id as id' else 'ps.id' end || ', ps.category_id, ps.price, ps.is_vintage';
  -- A hashed subplan: the few shops on vacation are read once, not once a row.
  v_is_open text := ' and ps.shop_id not in (select s.id from shops s where s.is_on_vacation)';
  v_from text := case when has_words then 'product_search ps' else 'products ps' end;
  v_found text := case when has_words then 'ps.in_stock and ps.document @@ $1' else 'ps.quantity > 0 and ps.archived_at is null' end || v_is_open;
  v_match text := v_from || ' where ' || v_found;
  v_category text := case when has_category then ' and ps.category_id = any($6)' else '' end;
  v_price text := case when has_price_min then ' and ps.price >= $7' else '' end || case when has_price_max then ' and ps.price <= $8' else '' end;
  v_vintage text := case when has_vintage then ' and ps.is_vintage = $9' else '' end;
  v_filters text := v_category || v_price || v_vintage;
begin
  return 'with pool as materialized (select ' || v_columns || ' from ' || v_match || v_filters || ' limit 10001), '
    || 'candidates as materialized (' || case
      when has_words and sort = 'relevance' and ranking = 'brief' then brief_sql(v_is_open || v_filters, has_after, segments)
      when has_words and sort = 'relevance' then tiers_sql(v_is_open || v_filters, has_after, segments)
      else in_order_sql(v_found || v_filters, has_words, has_after, sort)
    end || ') '
    || 'select (select coalesce(jsonb_agg(jsonb_build_array(c.id, c.key) order by c.position), ''[]'') from candidates c where c.position < $11), '
    || '(select count(*) = $11 from candidates), '
    || '(select count(*)::integer from pool), '
    || 'facets_json('
    || '(select json_agg(f) from (select category_id, count(*) from ' || facet_pool(has_category, v_match || v_price || v_vintage) || ' group by category_id) f), '
    || '(select json_object_agg(f.key, f.count) from (select r.key, count(*) from ' || facet_pool(has_price_min or has_price_max, v_match || v_category || v_vintage)
    || ' join price_ranges() r on (r.from_price is null or o.price >= r.from_price) and (r.to_price is null or o.price < r.to_price) group by r.key) f), '
    || '(select json_object_agg(f.is_vintage, f.count) from (select is_vintage, count(*) from ' || facet_pool(has_vintage, v_match || v_category || v_price) || ' group by is_vintage) f))';
end;
$$;
comment on function search_page_sql(boolean, boolean, boolean, boolean, boolean, boolean, text, integer, text) is
  'The statement that search_products runs for these filters, this order and this ranking.';
