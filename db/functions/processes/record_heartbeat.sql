-- A process counts for 3 s after its heartbeat. A process may use a cache of its own only while `others` is 0. While
-- `others_not_invalidating` is above 0, no process may trust the shared cache, because those processes write without invalidating
-- it. Deletes the rows of processes that have been silent for a minute.
create or replace function record_heartbeat(
  id uuid, has_own_cache boolean, has_lost_invalidations boolean, kinds text[] default '{}'
)
returns table (others integer, others_not_invalidating integer, work text[])
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  insert into processes as p (id, has_own_cache, has_lost_invalidations, seen_at)
  values (record_heartbeat.id, record_heartbeat.has_own_cache, record_heartbeat.has_lost_invalidations, clock_timestamp())
  on conflict on constraint processes_pkey do update
    set has_lost_invalidations = excluded.has_lost_invalidations, seen_at = clock_timestamp();
  delete from processes p
  where p.id in (
    select dead.id from processes dead where dead.seen_at < clock_timestamp() - interval '1 minute' for update skip locked
  );
  return query
    select count(*)::integer, count(*) filter (where p.has_own_cache or p.has_lost_invalidations)::integer,
      find_work(kinds)
    from processes p
    where p.id <> record_heartbeat.id and p.seen_at > clock_timestamp() - interval '3 seconds';
end;
$$;
comment on function record_heartbeat(uuid, boolean, boolean, text[]) is
  'Records the heartbeat of a process. Returns how many other processes run, how many of those cannot invalidate the shared '
  'cache, and which kinds of work wait (find_work).';
