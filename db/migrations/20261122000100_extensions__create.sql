-- migrate:up
-- Trigram similarity answers misspelt searches, unaccent folds "Café" and "cafe". Both are trusted
-- extensions: a database owner who is no superuser may create them.
create extension if not exists pg_trgm with schema public;
create extension if not exists unaccent with schema public;

-- migrate:down
drop extension unaccent;
drop extension pg_trgm;
