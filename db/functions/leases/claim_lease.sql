-- A lease is a row and not an advisory lock, because a frozen process keeps its connection, and because a pooler would give the
-- lock to another client. A frozen holder can wake up and run one more step, so the work under a lease must tolerate two holders.
-- Only a call in the second half of a lease writes, so frequent calls cost only reads.
create or replace function claim_lease(name text, holder uuid, ttl_s integer) returns boolean
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_lease leases;
begin
  select l.* into v_lease from leases l where l.name = claim_lease.name;
  if v_lease.held_until
    > clock_timestamp() + make_interval(secs => case when v_lease.holder = claim_lease.holder then ttl_s / 2.0 else 0 end)
  then
    return v_lease.holder = claim_lease.holder;
  end if;
  insert into leases as l (name, holder, held_until)
  values (claim_lease.name, claim_lease.holder, clock_timestamp() + make_interval(secs => ttl_s))
  on conflict on constraint leases_pkey do update
    set holder = excluded.holder, held_until = clock_timestamp() + make_interval(secs => ttl_s)
    where l.holder = excluded.holder or l.held_until < clock_timestamp();
  return found;
end;
$$;
comment on function claim_lease(text, uuid, integer) is
  'Takes or renews a lease for ttl_s seconds and returns true. Returns false while another process holds it.';
