-- One row is the whole page. Only what is in stock and not archived; an empty query browses everything, newest first.
-- `next` is the key to pass as `after` for the next page, null on the last; it belongs to one query with one sort.
-- Sequential scans and hash joins are off because every set is cut off at 10,001 rows: reading all products to join a few
-- thousand is what the planner would choose for common words.
-- Whatever is typed answers a page; raises SWINV only for a category that does not exist and a key of another sort.
create or replace function search_products(
  q text, category text, price_min numeric, price_max numeric, is_vintage boolean, sort text, after jsonb, page_size integer
)
returns table (
  items json, next jsonb, total integer, total_is_lower_bound boolean, facets json, did_you_mean text
)
language plpgsql stable
set search_path = public, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
as $$
declare
  v_plan record;
  v_category_ids bigint[];
  v_has_words boolean := trim(coalesce(search_products.q, '')) <> '';
begin
  if category is not null then
    v_category_ids := array(select b.category_id from categories_below(category) b);
    if cardinality(v_category_ids) = 0 then
      raise exception using errcode = 'SWINV', message = 'There is no such category.', detail = '{"field": "category"}';
    end if;
  end if;
  if after is not null and after ->> 0 is distinct from search_products.sort then
    raise exception using errcode = 'SWINV', message = 'This is no cursor of this list.', detail = '{"field": "cursor"}';
  end if;
  if v_has_words then
    select * into v_plan from plan_search(search_products.q);
    did_you_mean := v_plan.did_you_mean;
  else
    select null::tsquery as matches, null::tsquery as all_terms, null::tsquery as phrase, null::tsquery[] as own, null::tsquery[] as wide, null::real[] as weights
    into v_plan;
  end if;
  execute search_page_sql(
    v_has_words, category is not null, price_min is not null, price_max is not null, search_products.is_vintage is not null,
    after is not null, sort, coalesce(cardinality(v_plan.wide), 0)
  )
  into items, next, total, facets
  using v_plan.matches, v_plan.all_terms, v_plan.own, v_plan.wide, v_plan.weights, v_category_ids, price_min, price_max,
    search_products.is_vintage, after, page_size, v_plan.phrase;
  total_is_lower_bound := total > 10000;
  total := least(total, 10000);
  return next;
end;
$$;
comment on function search_products(text, text, numeric, numeric, boolean, text, jsonb, integer) is
  'A page of search results with its total, facets and spelling suggestion. SWINV.';
