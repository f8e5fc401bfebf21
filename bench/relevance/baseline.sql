-- $1: the query. Returns the first page of the baseline that search is compared with. A listing matches if it has one of the
-- words, or a word that is spelled almost like it. The score of the text is that of the best field (title 3, labels 2, document
-- 1). It is multiplied by the sum of the points for the shop and the age. Titles and labels count by their length, as in BM25.
-- Their usual lengths are 10 and 12 words. The age is in whole days.
with tokens as (
  select t.token, stem_key(t.token) as key, t.position
  from unnest(search_tokens($1)) with ordinality t (token, position)
),
-- Elasticsearch's fuzziness AUTO with prefix_length 2. The first two letters must match. Words of up to two letters match without
-- typos, words of up to five letters with at most one, and longer words with at most two. Returns at most 50 words for each
-- token.
fuzzy as (
  select t.position, f.stem
  from tokens t
  cross join lateral (
    select sw.stem, min(levenshtein(sw.word, t.token)) as edits, max(sw.listings) as listings
    from search_words sw
    where char_length(t.token) between 3 and 40
      and starts_with(sw.word, left(t.token, 2))
      and levenshtein_less_equal(sw.word, t.token, 2) <= case when char_length(t.token) < 6 then 1 else 2 end
    group by sw.stem
    order by edits, listings desc, sw.stem
    limit 50
  ) f
),
words as materialized (
  select
    phrase_query(t.key) as own,
    any_query(
      phrase_query(t.key)
      || array(select phrase_query(f.stem) from fuzzy f where f.position = t.position)
      || array(select phrase_query(stem_key(s.phrase)) from unnest(synonyms_of(t.key)) s (phrase))
    ) as wide,
    idf(t.key) as weight
  from tokens t
  where phrase_query(t.key) is not null
),
found as materialized (
  select ps.*
  from product_search ps
  where ps.in_stock
    and ps.document @@ (select any_query(array_agg(w.wide)) from words w)
    and ps.shop_id not in (select s.id from shops s where s.is_on_vacation)
),
scored as (
  select f.product_id as id, (1000000 * t.points * b.points)::bigint as key
  from found f
  join products p on p.id = f.product_id
  join shops s on s.id = p.shop_id
  cross join lateral (
    select greatest(
      3 * sum(w.weight * case when f.title @@ w.own then 1 when f.title @@ w.wide then 0.7 else 0 end)
        * 2.2 / (1.3 + 0.9 * length(f.title) / 10.0),
      2 * sum(w.weight * case when f.labels @@ w.own then 1 when f.labels @@ w.wide then 0.7 else 0 end)
        * 2.2 / (1.3 + 0.9 * length(f.labels) / 12.0),
      sum(w.weight * case when f.document @@ w.own then 1 when f.document @@ w.wide then 0.7 else 0 end)
    ) as points
    from words w
  ) t
  cross join lateral (
    select sqrt(1.5 * coalesce(s.rating, 3)) + log(1 + 1.2 * s.sales_count)
      + exp(ln(0.5) * (greatest(0, current_date - p.created_at::date) / 30.0) ^ 2) as points
  ) b
),
best as (
  select s.id, s.key from scored s order by s.key desc, s.id desc limit 200
)
select h.items
from show_hits(
  (select coalesce(jsonb_agg(jsonb_build_array(b.id, b.key) order by b.key desc, b.id desc), '[]') from best b),
  false, true, null, 'relevance', null, 100
) h
