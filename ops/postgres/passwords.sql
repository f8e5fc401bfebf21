-- Sets the passwords of the logins, which the container `secrets` makes. PostgreSQL's container runs this at its first start.
-- Run this after a change:
-- docker compose exec postgres psql --username stallwright --file /docker-entrypoint-initdb.d/2_passwords.sql
\set ON_ERROR_STOP on
\set migrator `cat /run/secrets/migrator`
\set api `cat /run/secrets/api`
\set auth `cat /run/secrets/auth`
\set worker `cat /run/secrets/worker`
\set readonly `cat /run/secrets/readonly`
\set backup `cat /run/secrets/backup`
alter role stallwright_migrator password :'migrator';
alter role stallwright_api password :'api';
alter role stallwright_auth password :'auth';
alter role stallwright_worker password :'worker';
alter role stallwright_readonly password :'readonly';
alter role stallwright_backup password :'backup';
