-- No search_path: inlined.
create or replace function session_idle_ttl() returns interval
language sql immutable parallel safe
as $$
  select interval '30 days'
$$;
comment on function session_idle_ttl() is 'Returns the time without use after which a session ends.';
