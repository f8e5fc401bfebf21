-- Runs when full text fails too. Needs no text index, vocabulary or synonyms, and reads a bounded number of rows. The result has
-- the form of search_products. There are no scores, so the order 'relevance' shows the newest first. `total` is a lower bound. A
-- sorted list that another engine began continues here. A ranked list begins again, without the listings in the `shown` of its
-- cursor. The facet of options counts the newest 2,000 listings. Raises SWINV for an unknown category or destination, for an option
-- without a name or a value, and for a cursor of another order.
create or replace function fallback_search(
  q text, category text, price_min numeric, price_max numeric, is_vintage boolean, sort text, after jsonb, page_size integer,
  options text[] default null, ships_to text default null
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
  v_wanted_keys integer[] := searched_options(fallback_search.options);
  v_wanted_destinations text[] := searched_destinations(fallback_search.ships_to);
  v_is_ranked_elsewhere boolean := sort = 'relevance' and jsonb_typeof(after -> 1 -> 'from' -> 0) = 'number';
  v_after jsonb := case when not v_is_ranked_elsewhere then fallback_search.after end;
  v_from jsonb := nullif(v_after -> 1 -> 'from', 'null');
  v_at_most integer := page_size + coalesce(jsonb_array_length(v_after -> 1 -> 'shown'), 0) + 1;
  v_candidates jsonb;
begin
  perform check_cursor(fallback_search.after, fallback_search.sort);
  with with_any as materialized (
    select m.* from fallback_matches(coalesce(fallback_search.q, '')) m
  ),
  senders as materialized (
    select o.sent_by, listing_destinations(p) as destinations
    from (select m.sent_by, min(m.id) as id from with_any m group by m.sent_by) o
    join products p on p.id = o.id
  ),
  with_any_option as materialized (
    select m.* from with_any m
    where v_wanted_destinations is null
      or m.sent_by in (select s.sent_by from senders s where s.destinations && v_wanted_destinations)
  ),
  chosen as materialized (
    select v.product_id
    from chosen_variants(array(select m.id from with_any m where m.has_variants), v_wanted_keys) v
  ),
  matched as materialized (
    select m.* from with_any_option m where v_wanted_keys is null or m.id in (select c.product_id from chosen c)
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
  of_any_option as (
    select u.choice, count(*)
    from listing_options(array(
      select m.id from with_any_option m
      where m.has_variants
        and passes_filters(m.category_id, m.price, m.is_vintage, v_category_ids, price_min, price_max, fallback_search.is_vintage)
      order by m.created_at desc, m.id desc
      limit 2000
    )) o
    cross join unnest(o.options) u (choice)
    group by u.choice
  ),
  of_any_destination as (
    select s.destinations, count(*)
    from with_any m join senders s on s.sent_by = m.sent_by
    where passes_filters(m.category_id, m.price, m.is_vintage, v_category_ids, price_min, price_max, fallback_search.is_vintage)
      and (v_wanted_keys is null or m.id in (select c.product_id from chosen c))
    group by s.destinations
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
      (select json_object_agg(a.is_vintage, a.count) from of_any_age a),
      (select json_agg(json_build_array(o.choice, o.count) order by o.count desc, o.choice collate "C") from of_any_option o),
      (select json_agg(json_build_array(d.destinations, d.count)) from of_any_destination d)
    )
  into v_candidates, total, facets;
  select h.items, h.next into items, next
  from show_hits(v_candidates, false, false, null, fallback_search.sort, v_after, page_size, v_wanted_keys) h;
  if next is not null and fallback_search.sort = 'relevance' and trim(coalesce(fallback_search.q, '')) <> '' then
    next := jsonb_set(
      next, '{1,seen}', seen_hits(v_after -> 1, array(select (i ->> 'id')::bigint from json_array_elements(items) i))
    );
  end if;
  total_is_lower_bound := true;
  return next;
end;
$$;
comment on function fallback_search(text, text, numeric, numeric, boolean, text, jsonb, integer, text[], text) is
  'A page of search results without any text index: from the newest 20,000 listings, by ILIKE. SWINV.';
