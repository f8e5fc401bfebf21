-- migrate:up
set local lock_timeout = '2s';
set local statement_timeout = '5s';
alter table deployed_functions add column definition_hash text;
comment on column deployed_functions.signature is 'The function, as PostgreSQL writes it: `free_slug(text)`.';
comment on column deployed_functions.deployed_at is 'When that deploy was.';
comment on column deployed_functions.definition_hash is 'MD5 of the function as PostgreSQL shows it, right after the deploy: a function that differs was changed by hand, and the next deploy makes all of them again. Null: recorded by a version that did not look.';

-- migrate:down
set local lock_timeout = '2s';
set local statement_timeout = '5s';
alter table deployed_functions drop column definition_hash;
comment on column deployed_functions.signature is null;
comment on column deployed_functions.deployed_at is null;
