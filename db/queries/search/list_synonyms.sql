-- The synonyms, by id.
-- $1 a term: only synonyms with this term in any of its forms; null for all
select s.id, s.terms, s.means
from search_synonyms s
where $1::text is null or s.term_keys @> array[stem_key($1)] or s.means_keys @> array[stem_key($1)]
order by s.id
