-- A page of the hits that Elasticsearch returned, with its facets. $1 to $7 and $11 are the arguments of show_hits, $8 to $10, $12
-- and $13 those of facets_json.
select h.items, h.next,
  facets_json($8::jsonb::json, $9::jsonb::json, $10::jsonb::json, $12::jsonb::json, $13::jsonb::json) as facets
from show_hits($1, $2, $3, $4, $5, $6, $7, $11) h
