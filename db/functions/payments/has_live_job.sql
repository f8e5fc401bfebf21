-- A job that is active beyond its timeout belongs to a dead worker and counts as lost, although pg-boss will retry it later.
create or replace function has_live_job(queue text, data jsonb) returns boolean
language sql stable
set search_path = public, pg_temp
as $$
  select exists (
    select from pgboss.job j
    where j.name = has_live_job.queue
      -- A job's data also has the trace.
      and j.data @> has_live_job.data
      and (j.state in ('created', 'retry')
        or j.state = 'active' and j.started_on + make_interval(secs => j.expire_seconds) > clock_timestamp())
  )
$$;
comment on function has_live_job(text, jsonb) is 'Returns whether a job with this data is queued or active.';
