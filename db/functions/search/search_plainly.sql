-- The floor under search, for when even full text is impossible: no text index, vocabulary or synonyms, and a bound on
-- the rows read. Newest first for relevance, too: there is nothing to rank by. The envelope is that of search_products.
-- `total` is what is known to match, a lower bound. A cursor of a sorted list goes on here; one of a ranked list begins
-- anew, and leaves out what `shown` names. Raises SWINV only for a category that does not exist and a key of another sort.
create or replace function search_plainly(
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
  v_category_ids bigint[] := array(select b.category_id from categories_below(search_plainly.category) b);
  v_from jsonb := nullif(search_plainly.after -> 1 -> 'from', 'null');
  v_shown integer := coalesce(jsonb_array_length(search_plainly.after -> 1 -> 'shown'), 0);
  v_candidates jsonb;
begin
  if category is not null and cardinality(v_category_ids) = 0 then
    raise exception using errcode = 'SWINV', message = 'There is no such category.', detail = '{"field": "category"}';
  end if;
  if after is not null and after ->> 0 is distinct from search_plainly.sort then
    raise exception using errcode = 'SWINV', message = 'This is no cursor of this list.', detail = '{"field": "cursor"}';
  end if;
  if search_plainly.sort = 'relevance' and jsonb_typeof(v_from -> 0) = 'number' then
    v_from := null;
    after := null;
  end if;
  with matched as materialized (
    select m.id, m.category_id, m.price, m.is_vintage,
      case when sort in ('price_asc', 'price_desc') then to_jsonb(m.price) else to_jsonb(m.created_at) end as key,
      search_plainly.category is null or m.category_id = any(v_category_ids) as is_of_category,
      (price_min is null or m.price >= price_min) and (price_max is null or m.price <= price_max) as is_of_price,
      search_plainly.is_vintage is null or m.is_vintage = search_plainly.is_vintage as is_of_age,
      v_from is null or case sort
        when 'price_asc' then (m.price, m.id) > ((v_from ->> 0)::numeric, (v_from ->> 1)::bigint)
        when 'price_desc' then (m.price, m.id) < ((v_from ->> 0)::numeric, (v_from ->> 1)::bigint)
        else (m.created_at, m.id) < ((v_from ->> 0)::timestamptz, (v_from ->> 1)::bigint) end as is_after,
      row_number() over (order by
        case sort when 'price_asc' then m.price when 'price_desc' then -m.price end,
        case when sort not in ('price_asc', 'price_desc') then m.created_at end desc,
        case when sort = 'price_asc' then m.id else -m.id end
      ) as position
    from plain_matches(coalesce(search_plainly.q, '')) m
  ),
  ahead as (
    select m.* from matched m where m.is_of_category and m.is_of_price and m.is_of_age and m.is_after order by m.position limit page_size + v_shown + 1
  )
  select
    (select coalesce(jsonb_agg(jsonb_build_array(a.id, a.key) order by a.position), '[]') from ahead a),
    (select count(*) from matched m where m.is_of_category and m.is_of_price and m.is_of_age),
    facets_json(
      (select json_agg(f) from (select m.category_id, count(*) from matched m where m.is_of_price and m.is_of_age group by m.category_id) f),
      (select json_object_agg(f.key, f.count) from (select r.key, count(*) from matched m join price_ranges() r
        on (r.from_price is null or m.price >= r.from_price) and (r.to_price is null or m.price < r.to_price)
        where m.is_of_category and m.is_of_age group by r.key) f),
      (select json_object_agg(f.is_vintage, f.count) from (select m.is_vintage, count(*) from matched m where m.is_of_category and m.is_of_price group by m.is_vintage) f)
    )
  into v_candidates, total, facets;
  select h.items, h.next into items, next from show_hits(v_candidates, false, false, null, search_plainly.sort, after, page_size) h;
  if next is not null and search_plainly.sort = 'relevance' and trim(coalesce(search_plainly.q, '')) <> '' then
    next := jsonb_set(next, '{1,seen}', seen_hits(after -> 1, array(select (i ->> 'id')::bigint from json_array_elements(items) i)));
  end if;
  total_is_lower_bound := true;
  total := least(total, 10000);
  return next;
end;
$$;
comment on function search_plainly(text, text, numeric, numeric, boolean, text, jsonb, integer) is
  'A page of search results without any text index: the newest 20,000 listings, by ILIKE. SWINV.';
