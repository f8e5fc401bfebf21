-- Pairs of searches that buyers made one after the other, most frequent first, without existing synonyms.
-- $1 days back, $2 minimum number of times, $3 limit
select sr.from_q, sr.to_q, sum(sr.times)::integer as times
from search_reformulations sr
where sr.day > current_date - $1::integer
  and not exists (
    select from search_synonyms s
    where s.term_keys @> array[stem_key(sr.from_q)] and coalesce(s.means_keys, s.term_keys) @> array[stem_key(sr.to_q)]
  )
group by sr.from_q, sr.to_q
having sum(sr.times) >= $2::integer
order by sum(sr.times) desc, sr.from_q, sr.to_q
limit $3::integer
