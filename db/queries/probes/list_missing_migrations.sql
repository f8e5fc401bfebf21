-- Of these migrations those that the database has not had.
select v.version
from unnest($1::text[]) v (version)
where not exists (select from schema_migrations m where m.version = v.version)
