-- A page of what Elasticsearch found, with its facets.
select h.items, h.next, facets_json($8::jsonb::json, $9::jsonb::json, $10::jsonb::json) as facets
from show_hits($1, $2, $3, $4, $5, $6, $7) h
