-- The synonyms in Solr format for Elasticsearch, one rule in each row. A one-way synonym becomes one rule for each of its terms.
-- That rule has the term itself on its right side too, so that the term still matches.
select r.id, r.rule
from (
  select s.id::text as id, array_to_string(solr_terms(s.terms), ', ') as rule, s.id as row_id, 0 as position
  from search_synonyms s
  where s.means is null
  union all
  select s.id || '-' || t.position, t.term || ' => ' || array_to_string(t.term || solr_terms(s.means), ', '), s.id, t.position
  from search_synonyms s
  cross join unnest(solr_terms(s.terms)) with ordinality t (term, position)
  where s.means is not null
) r
order by r.row_id, r.position
