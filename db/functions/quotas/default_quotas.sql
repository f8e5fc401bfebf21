-- The only place of these numbers. Beyond `sessions`, a new session ends the oldest one. `keys` is the maximum for a day.
-- No search_path: inlined.
create or replace function default_quotas() returns table (quota text, max integer)
language sql immutable
as $$
  values ('shops', 5), ('listings', 20000), ('favorites', 5000), ('addresses', 50), ('sessions', 50), ('keys', 20000)
$$;
comment on function default_quotas() is
  'Returns how many shops, listings, favorites, addresses, live sessions, and Idempotency-Keys a day an account may have.';
