-- For questions at night: stallwright_readonly sees neither what jobs are about nor what they failed of. The owner's rights.
create or replace function show_job(queue text, data jsonb) returns table (id uuid, state text, tries integer)
language sql stable security definer
set search_path = public, pg_temp
as $$
  select j.id, j.state::text, j.retry_count from pgboss.job j
  where j.name = show_job.queue and j.data @> show_job.data
  order by j.created_on desc
  limit 1
$$;
comment on function show_job(text, jsonb) is 'The newest job of a queue about something, its state, and how often it was tried again; no row where there is none.';
