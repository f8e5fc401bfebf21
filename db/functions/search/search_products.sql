
-- One row is the whole page. Only what is in stock and not archived; an empty query browses everything, newest first.
-- `next` is the cursor to pass as `after` for the next page, null on the last; it belongs to one query with one sort.
-- `exact` searches the words as typed; `showing_results_for` says which were searched instead.
-- `ranking` is 'tiered', or 'brief' for comparison; `user_id` makes the order personal. How a page is arranged: show_hits.
-- Sequential scans and hash joins are off because every set is cut off at 10,001 rows: reading all products to join a few
-- thousand is what the planner would choose for common words. A compiled or parallel plan costs more than it saves here.
-- Whatever is typed answers a page; raises SWINV only for a category that does not exist and a key of another sort.
create or replace function search_products(
  q text, category text, price_min numeric, price_max numeric, is_vintage boolean, sort text, after jsonb, page_size integer,
  ranking text default 'tiered', user_id bigint default null, exact boolean default false
)
returns table (
  items json, next jsonb, total integer, total_is_lower_bound boolean, facets json, did_you_mean text,
  showing_results_for text
)
language plpgsql stable
set search_path = public, pg_temp
set enable_seqscan = off
set enable_hashjoin = off
set jit = off
set max_parallel_workers_per_gather = 0
as $$
declare
  v_plan record;
  v_category_ids bigint[];
  v_has_words boolean := trim(coalesce(search_products.q, '')) <> '';
  v_is_arranged boolean := v_has_words and search_products.sort = 'relevance';
  v_from jsonb := nullif(search_products.after -> 1 -> 'from', 'null');
  v_window integer := case when v_is_arranged
    then 200 + coalesce(jsonb_array_length(search_products.after -> 1 -> 'shown'), 0) else page_size end;
  v_candidates jsonb;
  v_has_more boolean;
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
  select * into v_plan from plan_words(case when v_has_words then search_products.q end, search_products.ranking, search_products.exact);
  execute search_page_sql(
    v_has_words, category is not null, price_min is not null, price_max is not null, search_products.is_vintage is not null,
    v_from is not null, search_products.sort, coalesce(cardinality(v_plan.wide), 0), search_products.ranking
  )
  into v_candidates, v_has_more, total, facets
  using v_plan.matches, v_plan.all_terms, v_plan.own, v_plan.wide, v_plan.weights, v_category_ids, price_min, price_max,
    search_products.is_vintage, v_from, v_window + 1, v_plan.phrase;
  select h.items, h.next into items, next
  from show_hits(v_candidates, v_has_more, v_is_arranged, search_products.user_id, search_products.sort, after, page_size) h;
  did_you_mean := v_plan.did_you_mean;
  showing_results_for := v_plan.corrected;
  total_is_lower_bound := total > 10000;
  total := least(total, 10000);
  return next;
end;
$$;
comment on function search_products(text, text, numeric, numeric, boolean, text, jsonb, integer, text, bigint, boolean) is
  'A page of search results with its total, facets and spelling suggestion. SWINV.';
