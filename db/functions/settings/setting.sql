create or replace function setting(name text) returns text
language sql stable
set search_path = public, pg_temp
as $$
  select s.value from settings s where s.name = setting.name
$$;
comment on function setting(text) is
  'Returns an environment variable of the server as it was at its last start; null if it was not set.';
