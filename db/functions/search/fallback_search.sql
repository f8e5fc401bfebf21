-- Runs when full text fails too. Needs no text index, vocabulary or synonyms, and reads a bounded number of rows. The result has
-- the form of search_products. There are no scores, so the order 'relevance' shows the newest first. `total` is a lower bound. A
-- sorted list that another engine began continues here. A ranked list begins again, without the listings in the `shown` of its
-- cursor. Raises SWINV for an unknown category and for a cursor of another order.
create or replace function fallback_search(
  q text, category text, price_min numeric, price_max numeric, is_vintage boolean, sort text, after jsonb, page_size integer
)
returns table (
  items json, next jsonb, total integer, total_is_lower_bound boolean, facets json, did_you_mean text, showing_results_for text
)
language plpgsql stable
set search_path = public, pg_temp
set jit = off
set max_parallel_workers_per_gather = 0
as $$
declare
  v_category_ids bigint[] := searched_categories(fallback_search.category);
  v_is_ranked_elsewhere boolean := sort = 'relevance' and jsonb_typeof(after -> 1 -> 'from' -> 0) = 'number';
  v_after jsonb := case when not v_is_ranked_elsewhere then fallback_search.after end;
  v_from jsonb := nullif(v_after -> 1 -> 'from', 'null');
  v_at_most integer := page_size + coalesce(jsonb_array_length(v_after -> 1 -> 'shown'), 0) + 1;
  v_candidates jsonb;
begin
  perform check_cursor(fallback_search.after, fallback_search.sort);
  with matched as materialized (
    select m.* from fallback_matches(coalesce(fallback_search.q, '')) m
  ),
  found as (
    select m.* from matched m
    where passes_filters(m.category_id, m.price, m.is_vintage, v_category_ids, price_min, price_max, fallback_search.is_vintage)
  ),
  of_any_category as (
    select m.category_id, count(*) from matched m
    where passes_filters(m.category_id, m.price, m.is_vintage, null, price_min, price_max, fallback_search.is_vintage)
    group by m.category_id
  ),
  of_any_price as (
    select r.key, count(*) from matched m
    join price_ranges() r on m.price >= coalesce(r.from_price, 0) and m.price < coalesce(r.to_price, 'infinity')
    where passes_filters(m.category_id, m.price, m.is_vintage, v_category_ids, null, null, fallback_search.is_vintage)
    group by r.key
  ),
  of_any_age as (
    select m.is_vintage, count(*) from matched m
    where passes_filters(m.category_id, m.price, m.is_vintage, v_category_ids, price_min, price_max, null)
    group by m.is_vintage
  ),
  ahead as (
    select f.id, sort_key(fallback_search.sort, f.price, f.created_at) as key
    from found f
    where is_after(fallback_search.sort, v_from, f.price, f.created_at, f.id)
    order by
      case when sort = 'price_asc' then f.price end, case when sort = 'price_asc' then f.id end,
      case when sort = 'price_desc' then f.price end desc,
      case when sort not in ('price_asc', 'price_desc') then f.created_at end desc,
      f.id desc
    limit v_at_most
  )
  select
    (select coalesce(jsonb_agg(jsonb_build_array(a.id, a.key)), '[]') from ahead a),
    (select least(count(*), 10000) from found),
    facets_json(
      (select json_agg(c) from of_any_category c),
      (select json_object_agg(p.key, p.count) from of_any_price p),
      (select json_object_agg(a.is_vintage, a.count) from of_any_age a)
    )
  into v_candidates, total, facets;
  select h.items, h.next into items, next
  from show_hits(v_candidates, false, false, null, fallback_search.sort, v_after, page_size) h;
  if next is not null and fallback_search.sort = 'relevance' and trim(coalesce(fallback_search.q, '')) <> '' then
    next := jsonb_set(
      next, '{1,seen}', seen_hits(v_after -> 1, array(select (i ->> 'id')::bigint from json_array_elements(items) i))
    );
  end if;
  total_is_lower_bound := true;
  return next;
end;
$$;
comment on function fallback_search(text, text, numeric, numeric, boolean, text, jsonb, integer) is
  'A page of search results without any text index: from the newest 20,000 listings, by ILIKE. SWINV.';
