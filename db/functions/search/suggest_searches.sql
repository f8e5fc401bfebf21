-- Completes the last word, after the words before it, from titles in stock: the typed words and up to two that follow them there.
-- Categories that begin like the query come first. Each suggestion comes from a listing that it finds, so it never leads to an
-- empty page. Reads at most 200 titles.
create or replace function suggest_searches(q text, page_size integer) returns table (suggestion text)
language plpgsql stable
set search_path = public, pg_temp
as $$
declare
  v_tokens text[] := search_tokens(suggest_searches.q);
  v_count integer := cardinality(v_tokens);
  v_before text[] := correct_spelling(v_tokens[:v_count - 1]);
  v_last text := v_tokens[v_count];
  v_endings text[] := completions_of(v_last);
  v_query tsquery := all_query(array[
    phrase_query(stem_key(array_to_string(v_before, ' '))),
    any_query(array(select prefix_query(e.word) from unnest(v_endings) e (word)))
  ]);
begin
  return query
    -- Materialized, so that each title is cut into words once.
    with titles as materialized (
      select array(select w.word from cut_words(p.title) w order by w.place) as words
      from product_search ps
      join products p on p.id = ps.product_id
      where ps.title @@ v_query and p.quantity > 0
      limit 200
    ),
    sequences as (
      select t.words, i as first, i + v_count - 1 as typed
      from titles t
      cross join lateral generate_series(1, cardinality(t.words) - v_count + 1) i
      where t.words[i:i + v_count - 2] = v_before
        and (t.words[i + v_count - 1] = any(v_endings) or starts_with(t.words[i + v_count - 1], v_last))
    ),
    phrases as (
      select array_to_string(s.words[s.first:s.typed + more], ' ') as phrase, s.words[s.typed + more] as last_word,
        count(*) * (1 + 0.5 * more) as points
      from sequences s
      cross join lateral generate_series(0, least(2, cardinality(s.words) - s.typed)) more
      group by 1, 2, more
    ),
    best as (
      select p.phrase, p.points from phrases p where char_length(p.last_word) > 2 and not is_stop_word(p.last_word)
      union all
      select n.phrase, 1000000 from categories_beginning(suggest_searches.q) n
    )
    select b.phrase from best b group by b.phrase order by max(b.points) desc, b.phrase limit page_size;
end;
$$;
comment on function suggest_searches(text, integer) is 'Completions of a query while it is typed, best first.';
