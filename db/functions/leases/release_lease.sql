create or replace function release_lease(name text, holder uuid) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  delete from leases l where l.name = release_lease.name and l.holder = release_lease.holder
$$;
comment on function release_lease(text, uuid) is 'Gives a lease back early, so that the next holder does not wait for its end.';
