-- Tells enqueue_job, for the rest of the transaction, on behalf of which trace it is called. Null leaves what was told before: a
-- function may be called by another one that knows.
create or replace function carry_trace(traceparent text) returns void
language sql volatile security definer
set search_path = public, pg_temp
as $$
  select set_config('stallwright.traceparent', carry_trace.traceparent, true) where carry_trace.traceparent is not null
$$;
comment on function carry_trace(text) is 'Makes the jobs of this transaction part of a trace: traceparent as W3C Trace Context writes it.';
