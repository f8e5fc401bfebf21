-- The synonyms as Elasticsearch takes them: in Solr format, one rule a row. A one-way row is a rule for each of its terms, with
-- the term itself on the right, since what was asked for is always looked for, too.
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
