-- Says that a process is there and answers which others are, of all that were seen in the last 3 s. Who caches for itself may
-- do so only while `others` is 0. While `others_unheard` is not, nothing counts of a cache that processes share: those change
-- what it does not hear of. Rows of processes that died without a word go after a minute.
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
  'Says that an API process runs; returns how many others do, and how many of those change what a shared cache does not hear of.';
