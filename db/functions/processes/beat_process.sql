-- A process counts for 3 s after its heartbeat. A process may use a cache of its own only while `others` is 0. While
-- `others_unheard` is above 0, no process may trust the shared cache, because those processes write without invalidating it.
-- Deletes the rows of processes that have been silent for a minute.
create or replace function beat_process(id uuid, has_own_cache boolean, is_unheard boolean)
returns table (others integer, others_unheard integer)
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
begin
  insert into processes as p (id, has_own_cache, is_unheard, seen_at)
  values (beat_process.id, beat_process.has_own_cache, beat_process.is_unheard, clock_timestamp())
  on conflict on constraint processes_pkey do update set is_unheard = excluded.is_unheard, seen_at = clock_timestamp();
  delete from processes p
  where p.id in (
    select dead.id from processes dead where dead.seen_at < clock_timestamp() - interval '1 minute' for update skip locked
  );
  return query
    select count(*)::integer, count(*) filter (where p.has_own_cache or p.is_unheard)::integer
    from processes p
    where p.id <> beat_process.id and p.seen_at > clock_timestamp() - interval '3 seconds';
end;
$$;
comment on function beat_process(uuid, boolean, boolean) is
  'Records the heartbeat of an API process. Returns how many other processes run, and how many of those cannot invalidate the '
  'shared cache.';
