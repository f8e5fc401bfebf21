-- Runs with the owner's rights, for db/ops: the role stallwright_readonly may read neither the data nor the errors of jobs.
create or replace function show_job(queue text, data jsonb) returns table (id uuid, state text, tries integer)
language sql stable security definer
set search_path = public, pg_temp
as $$
  select j.id, j.state::text, j.retry_count from pgboss.job j
  where j.name = show_job.queue and j.data @> show_job.data
  order by j.created_on desc
  limit 1
$$;
comment on function show_job(text, jsonb) is
  'Returns the newest job of a queue whose data contains `data`: its state and its number of retries; no row if there is none.';
