-- The job commits or rolls back with the caller's transaction. A plain insert would miss the queue's settings for retries, expiry
-- and dead letters, so this function copies them. The columns are those of pg-boss 12; db/test/enqueue_job.test.ts compares
-- them with the installed version. The data of the job carries the trace that carry_trace has set.
create or replace function enqueue_job(queue text, data jsonb, start_after_s integer default 0) returns uuid
language plpgsql volatile security definer
set search_path = public, pg_temp
as $$
declare
  v_id uuid;
begin
  insert into pgboss.job (
    name, data, start_after, policy, dead_letter, retry_limit, retry_delay, retry_backoff, retry_delay_max,
    expire_seconds, deletion_seconds, heartbeat_seconds, keep_until
  )
  select
    q.name,
    enqueue_job.data
      || jsonb_strip_nulls(jsonb_build_object('traceparent', nullif(current_setting('stallwright.traceparent', true), ''))),
    t.start_after, q.policy, q.dead_letter, q.retry_limit, q.retry_delay, q.retry_backoff,
    q.retry_delay_max, q.expire_seconds, q.deletion_seconds, q.heartbeat_seconds,
    t.start_after + make_interval(secs => q.retention_seconds)
  from pgboss.queue q
  cross join lateral (select now() + make_interval(secs => start_after_s) as start_after) t
  where q.name = enqueue_job.queue
  returning id into v_id;
  if v_id is null then
    raise exception using errcode = 'SWJOB', message = format('The queue %s does not exist. Run "bun run migrate".', queue);
  end if;
  return v_id;
end;
$$;
comment on function enqueue_job(text, jsonb, integer) is
  'Enqueues a pg-boss job in the caller''s transaction, with the queue''s own settings. SWJOB: no such queue.';
