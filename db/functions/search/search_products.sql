-- One row is the whole page. It contains only listings in stock and not archived. A search without words lists everything, the
-- newest first. `next` is the cursor to pass as `after` for the next page, and null on the last page. It belongs to one query in
-- one order. `exact` searches the words as typed. `showing_results_for` has the words that were searched instead of the typed
-- ones. `user_id` makes the order personal. show_hits describes how a page is arranged.
-- Sequential scans and hash joins are off because every set is cut off at 10,001 rows. For common words the planner would read
-- all products to join a few thousand. A compiled or parallel plan costs more than it saves here. The functions below this one
-- keep their plans (`force_generic_plan`) and are plpgsql: PostgreSQL before version 18 plans a function in SQL in each call.
-- Any text is a valid query. Raises SWINV for an unknown category or
-- destination, for an option without a name or a value, and for a cursor of another order.
create or replace function search_products(
  q text, category text, price_min numeric, price_max numeric, is_vintage boolean, sort text, after jsonb, page_size integer,
  user_id bigint default null, exact boolean default false, options text[] default null, ships_to text default null
)
returns table (
  items json, next jsonb, total integer, total_is_lower_bound boolean, facets json, did_you_mean text,
  showing_results_for text
)
language plpgsql stable
set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan
set enable_seqscan = off
set enable_hashjoin = off
set jit = off
set max_parallel_workers_per_gather = 0
as $$
declare
  v_has_words boolean := trim(coalesce(search_products.q, '')) <> '';
  v_is_ranked boolean := v_has_words and search_products.sort = 'relevance';
  v_category_ids bigint[] := searched_categories(search_products.category);
  v_wanted_keys integer[] := searched_options(search_products.options);
  v_wanted_destinations text[] := searched_destinations(search_products.ships_to);
  v_from jsonb := nullif(search_products.after -> 1 -> 'from', 'null');
  v_shown integer := coalesce(jsonb_array_length(search_products.after -> 1 -> 'shown'), 0);
  v_window integer := case when v_is_ranked then 200 + v_shown else page_size end;
  v_plan record;
  v_found record;
  v_candidates jsonb;
begin
  perform check_cursor(search_products.after, search_products.sort);
  select * into v_plan from plan_search(search_products.q, search_products.exact) where v_has_words;
  select * into v_found from count_found(
    v_has_words, v_plan.matches, v_category_ids, price_min, price_max, search_products.is_vintage,
    v_wanted_keys, v_wanted_destinations, with_ids => not v_is_ranked
  );
  if v_is_ranked then
    v_candidates := ranked_hits(
      v_plan.own, v_plan.wide, v_plan.weights, v_plan.all_terms, v_plan.phrase, v_plan.matches,
      v_category_ids, price_min, price_max, search_products.is_vintage, v_wanted_keys, v_wanted_destinations, v_from, v_window + 1
    );
  else
    v_candidates := sorted_hits(
      v_found.ids, match_options(v_has_words, v_plan.matches, v_wanted_keys), v_category_ids, price_min, price_max,
      search_products.is_vintage, v_wanted_keys, v_wanted_destinations, search_products.sort, v_from, v_window + 1
    );
  end if;
  select h.items, h.next into items, next
  from show_hits(
    v_candidates - v_window, jsonb_array_length(v_candidates) > v_window, v_is_ranked, search_products.user_id,
    search_products.sort, search_products.after, page_size, v_wanted_keys
  ) h;
  total := least(v_found.total, 10000);
  total_is_lower_bound := v_found.total > 10000;
  facets := v_found.facets;
  did_you_mean := v_plan.did_you_mean;
  showing_results_for := v_plan.corrected;
  return next;
end;
$$;
comment on function search_products(text, text, numeric, numeric, boolean, text, jsonb, integer, bigint, boolean, text[], text) is
  'A page of search results with its total, facets and spelling suggestion. SWINV.';
