-- The searches that found nothing most often.
-- $1 days back, $2 minimum number of searches, $3 limit
select sq.q, sum(sq.searches)::integer as searches, sum(sq.zero_results)::integer as zero_results,
  sum(sq.corrected)::integer as corrected
from search_queries sq
where sq.day > current_date - $1::integer
group by sq.q
having sum(sq.searches) >= $2::integer and sum(sq.zero_results) + sum(sq.corrected) > 0
order by sum(sq.zero_results) desc, sum(sq.corrected) desc, sq.q
limit $3::integer
