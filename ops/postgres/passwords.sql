-- Passwords of the compose file's roles. An installation that somebody else can reach has its own.
alter role stallwright_migrator password 'stallwright';
alter role stallwright_api password 'stallwright';
alter role stallwright_auth password 'stallwright';
alter role stallwright_worker password 'stallwright';
alter role stallwright_readonly password 'stallwright';
