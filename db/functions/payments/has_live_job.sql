-- Whether some worker has a job or will have it. One that is taken but past its time belongs to a worker that died: pg-boss
-- gives it to another one in a while, and until then it counts as lost.
create or replace function has_live_job(queue text, data jsonb) returns boolean
language sql stable
set search_path = public, pg_temp
as $$
  select exists (
    select from pgboss.job j
    where j.name = has_live_job.queue
      -- A job carries more than what it is about: the trace it belongs to.
      and j.data @> has_live_job.data
      and (j.state in ('created', 'retry')
        or j.state = 'active' and j.started_on + make_interval(secs => j.expire_seconds) > clock_timestamp())
  )
$$;
comment on function has_live_job(text, jsonb) is 'Whether a job with this data waits in a queue or is being worked.';
