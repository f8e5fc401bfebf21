-- Makes a page from the candidates of a search engine. `candidates` are [[id, key], …] in natural order (best first). `after` is
-- the cursor [sort, state]. If `is_arranged` is false, the list keeps that order. Otherwise it is re-ranked:
--   1. For a signed-in user, the first 200: taste raises a score by up to 15 %, which is less than the step from "all words in
--      the title" to "all words somewhere", so that a favorite shop never beats a better match.
--   2. In the first 20 places, at most 3 listings of a shop, while other shops are among the candidates. The rest moves down.
-- Pages lose and repeat nothing, although the order is not the natural one. Everything up to `from` has been shown, and `shown`
-- has the ids shown beyond it. An engine returns 200 candidates after `from`, and one more for each id of `shown`. `seen` has the
-- listings that a ranked list has shown, at most 250. An engine with other scores continues with `seen`
-- (src/domains/search/engines.ts). Listings that are sold out, archived or on vacation by now are left out, because an index can
-- lag. With `wanted_keys` (searched_options) a hit begins with the pictures of the variant that was found. The first 60 candidates are nearly always enough for a page that is not personal. If they are not, all are read.
create or replace function show_hits(
  candidates jsonb, has_more boolean, is_arranged boolean, user_id bigint, sort text, after jsonb, page_size integer,
  wanted_keys integer[] default null
)
returns table (items json, next jsonb)
language plpgsql stable
set search_path = public, pg_temp
set plan_cache_mode = force_generic_plan
as $$
declare
  v_before bigint[] := array(select s.id::bigint from jsonb_array_elements_text(after -> 1 -> 'shown') s (id));
  v_shops bigint[] := array(select s.id::bigint from jsonb_array_elements_text(after -> 1 -> 'shops') s (id));
  v_passed integer := coalesce((after -> 1 ->> 'passed')::integer, 0);
  v_personal integer := case when is_arranged then greatest(200 - v_passed, 0) else 0 end;
  v_varied integer := case when is_arranged then greatest(20 - cardinality(v_shops), 0) else 0 end;
  v_read jsonb := case when show_hits.user_id is null then jsonb_path_query_array(candidates, '$[0 to 59]') else candidates end;
  v_page record;
begin
  loop
    select * into v_page
    from rerank_hits(v_read, v_before, v_shops, v_personal, v_varied, show_hits.user_id, page_size);
    exit when v_page.varied_places = v_varied and v_page.first_pending is not null
      or jsonb_array_length(v_read) = jsonb_array_length(candidates);
    v_read := candidates;
  end loop;
  items := (
    select coalesce(json_agg(hit_json(shown_product_json(p, s, false), v.id, v.images) order by h.place), '[]')
    from unnest(v_page.ids) with ordinality h (id, place)
    join products p on p.id = h.id
    join shops s on s.id = p.shop_id
    left join chosen_variants(v_page.ids, wanted_keys) v on v.product_id = p.id
  );
  if v_page.first_pending is not null or has_more then
    next := jsonb_build_array(show_hits.sort, next_hits(v_read, after -> 1, v_page.ids, v_page.first_pending));
    if is_arranged then
      next := jsonb_set(next, '{1,shops}', to_jsonb((v_shops || v_page.shop_ids)[:20]));
      next := jsonb_set(next, '{1,seen}', seen_hits(after -> 1, v_page.ids));
    end if;
  end if;
  return next;
end;
$$;
comment on function show_hits(jsonb, boolean, boolean, bigint, text, jsonb, integer, integer[]) is
  'A page of search results from a search engine''s candidates, re-ranked and rendered, with the cursor of the next page.';
