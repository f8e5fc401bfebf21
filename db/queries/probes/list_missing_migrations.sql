-- The given migrations that this database lacks.
-- $1 versions
select v.version
from unnest($1::text[]) v (version)
where not exists (select from schema_migrations m where m.version = v.version)
