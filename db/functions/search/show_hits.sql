-- Makes a page of what a search engine found, whichever engine it was. `candidates` are [[id, key], …] in natural order
-- (best first); `after` is the cursor [sort, state]. What is not arranged is shown as it comes. Arranged are:
--   1. for somebody signed in, the first 200: each score is lifted by up to 15 % by what they like, less than the step from
--      "all words in the title" to "all words somewhere", so that a favorite shop never beats a better answer;
--   2. the first 20 places: at most 3 of a shop, as long as other shops are among the candidates. Others move down.
-- Pages lose and repeat nothing although the order is not the natural one: `from` is how far everything is shown, and
-- `shown` is what is shown beyond it. An engine gives 200 candidates after `from`, and one more for each of `shown`.
-- `seen` is all that an arranged walk has shown, up to 250: an engine whose scores are others goes on with it (src/domains/search/engines.ts).
-- What is sold out, archived or on vacation by now is left out: an index may lag.
-- The first 60 candidates nearly always settle a page that is nobody's own; only where they do not are all of them read.
create or replace function show_hits(
  candidates jsonb, has_more boolean, is_arranged boolean, user_id bigint, sort text, after jsonb, page_size integer
)
returns table (items json, next jsonb)
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_before bigint[] := array(select s.id::bigint from jsonb_array_elements_text(after -> 1 -> 'shown') s (id));
  v_shops bigint[] := array(select s.id::bigint from jsonb_array_elements_text(after -> 1 -> 'shops') s (id));
  v_passed integer := coalesce((after -> 1 ->> 'passed')::integer, 0);
  v_varied integer := case when is_arranged then greatest(20 - cardinality(v_shops), 0) else 0 end;
  v_read jsonb := case when show_hits.user_id is null then jsonb_path_query_array(candidates, '$[0 to 59]') else candidates end;
  v_page record;
begin
  loop
    select * into v_page from arrange_hits(
      v_read, v_before, v_shops, case when is_arranged then greatest(200 - v_passed, 0) else 0 end, v_varied, show_hits.user_id, page_size
    );
    exit when v_page.varied_places = v_varied and v_page.first_pending is not null
      or jsonb_array_length(v_read) = jsonb_array_length(candidates);
    v_read := candidates;
  end loop;
  items := (
    select coalesce(json_agg(product_json(p, s) order by h.place), '[]')
    from unnest(v_page.ids) with ordinality h (id, place)
    join products p on p.id = h.id
    join shops s on s.id = p.shop_id
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
comment on function show_hits(jsonb, boolean, boolean, bigint, text, jsonb, integer) is
  'A page of search results from a search engine''s candidates, arranged and rendered, with the cursor of the next one.';
