-- Says that a process is there and answers which others are. `others` counts all that were seen in the last 3 s; processes
-- that cache for themselves may do so only while it is 0. Rows of processes that died without a word go after a minute.
create or replace function beat_process(id uuid, has_own_cache boolean)
returns table (others integer, others_with_own_cache integer)
language plpgsql volatile
set search_path = public, pg_temp
as $$
begin
  insert into processes as p (id, has_own_cache, seen_at)
  values (beat_process.id, beat_process.has_own_cache, clock_timestamp())
  on conflict on constraint processes_pkey do update set seen_at = clock_timestamp();
  delete from processes p
  where p.id in (
    select dead.id from processes dead where dead.seen_at < clock_timestamp() - interval '1 minute' for update skip locked
  );
  return query
    select count(*)::integer, count(*) filter (where p.has_own_cache)::integer
    from processes p
    where p.id <> beat_process.id and p.seen_at > clock_timestamp() - interval '3 seconds';
end;
$$;
comment on function beat_process(uuid, boolean) is 'Says that an API process runs; returns how many others do.';
